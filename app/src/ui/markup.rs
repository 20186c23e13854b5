//! Markup as data, for the booking bundle, where each kilobyte counts.
//!
//! A view of the `view!` macro is a type of its own, with code of its own to draw, hydrate and change it. A tree of
//! [`Markup`] is one type: the same few functions draw every page of it. It is a view like any other and can stand
//! inside one; its root is always an element.

mod drawn;

use drawn::{Drawn, draw, redraw, take_over};
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::no_attrs;
use leptos::tachys::view::{Position, PositionState, Render, RenderHtml};
use std::borrow::Cow;

type Text = Cow<'static, str>;

/// An element with what is in it.
pub struct Markup {
    tag: &'static str,
    attributes: Vec<(&'static str, Text)>,
    children: Vec<Child>,
    drawing: &'static str,
}

enum Child {
    Element(Markup),
    Text(Text),
}

/// An element with nothing in it yet.
pub fn el(tag: &'static str) -> Markup {
    Markup { tag, attributes: Vec::new(), children: Vec::new(), drawing: "" }
}

impl Markup {
    /// With a class.
    pub fn class(self, class: &'static str) -> Self {
        self.attr("class", class)
    }

    /// With an attribute.
    pub fn attr(mut self, name: &'static str, value: impl Into<Text>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// With an attribute, if it has a value.
    pub fn maybe(self, name: &'static str, value: Option<&'static str>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// With an attribute that needs no value.
    pub fn flag(self, name: &'static str, is_set: bool) -> Self {
        self.maybe(name, is_set.then_some(""))
    }

    /// With an element at the end.
    pub fn child(mut self, child: Markup) -> Self {
        self.children.push(Child::Element(child));
        self
    }

    /// With elements at the end, as many as there are.
    pub fn children(mut self, children: impl IntoIterator<Item = Markup>) -> Self {
        self.children.extend(children.into_iter().map(Child::Element));
        self
    }

    /// With words at the end.
    pub fn text(mut self, words: impl Into<Text>) -> Self {
        let words = words.into();
        match self.children.last_mut() {
            // A parser would join them too.
            Some(Child::Text(before)) => before.to_mut().push_str(&words),
            _ if words.is_empty() => {}
            _ => self.children.push(Child::Text(words)),
        }
        self
    }

    /// With nothing but a drawing, given as markup of ours.
    pub fn drawing(mut self, drawing: &'static str) -> Self {
        self.drawing = drawing;
        self
    }

    fn write(&self, html: &mut String) {
        html.push('<');
        html.push_str(self.tag);
        for (name, value) in &self.attributes {
            html.push(' ');
            html.push_str(name);
            if !value.is_empty() {
                html.push_str("=\"");
                write_escaped(html, value);
                html.push('"');
            }
        }
        html.push('>');
        if matches!(self.tag, "br" | "input") {
            return;
        }
        html.push_str(self.drawing);
        for child in &self.children {
            match child {
                Child::Element(child) => child.write(html),
                Child::Text(words) => write_escaped(html, words),
            }
        }
        html.push_str("</");
        html.push_str(self.tag);
        html.push('>');
    }
}

fn write_escaped(html: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            letter => html.push(letter),
        }
    }
}

impl Render for Markup {
    type State = Drawn;

    fn build(self) -> Drawn {
        draw(self)
    }

    fn rebuild(self, drawn: &mut Drawn) {
        redraw(drawn, self);
    }
}

no_attrs!(Markup);

impl RenderHtml for Markup {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra_attrs: Vec<AnyAttribute>,
    ) {
        self.write(html);
        *position = Position::NextChild;
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Drawn {
        match position.get() {
            Position::FirstChild => cursor.child(),
            Position::Current => {}
            _ => cursor.sibling(),
        }
        let drawn = take_over(cursor.current(), self);
        cursor.set(drawn.node());
        position.set(Position::NextChild);
        drawn
    }

    fn into_owned(self) -> Self {
        self
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_stays_words() {
        let markup = el("p").attr("title", "a \"b\"").text("1 < 2 & ").text("3").child(el("br")).flag("hidden", true);
        assert_eq!(markup.to_html(), "<p title=\"a &quot;b&quot;\" hidden>1 &lt; 2 &amp; 3<br></p>");
    }
}
