//! Draws a mail: as text, and as one calm page of HTML that fetches nothing.

use super::outward::Outward;
use crate::error::{Error, Result};
use minijinja::{AutoEscape, Environment};
use std::sync::LazyLock;

/// A mail, drawn.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// The subject line.
    pub subject: String,
    /// For people and machines that read text.
    pub text: String,
    /// For everyone else.
    pub html: String,
}

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.set_auto_escape_callback(|name| match name {
        "mail.html" => AutoEscape::Html,
        _ => AutoEscape::None,
    });
    templates.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    templates
        .add_template("mail.html", include_str!("templates/mail.html"))
        .expect("a template of ours is well formed");
    templates.add_template("mail.txt", include_str!("templates/mail.txt")).expect("a template of ours is well formed");
    templates
});

/// Draws a mail from this sender.
pub fn draw(outward: &Outward, sender: &str) -> Result<Drawn> {
    let view = outward.view(sender);
    let draw = |name: &str| -> Result<String> {
        let template = TEMPLATES.get_template(name).map_err(|error| Error::Internal(Box::new(error)))?;
        template.render(&view).map_err(|error| Error::Internal(Box::new(error)))
    };
    Ok(Drawn { subject: outward.subject(), text: draw("mail.txt")?, html: draw("mail.html")? })
}
