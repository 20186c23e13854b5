//! Logins: beginning one, seeing one's own, ending them.

use super::tokens::{self, Tokens};
use super::{User, Viewer, store};
use crate::app::App;
use crate::audit;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::events::Event;
use shared::actor::Role;
use shared::ids::{LoginId, UserId};
use shared::problem::ErrorCode;
use shared::time::Instant;

/// A signed-in browser, as its owner sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Login {
    /// Which.
    pub id: LoginId,
    /// The browser and system, in words.
    pub device: String,
    /// When it was signed in.
    pub created_at: Instant,
    /// When it was last used, to within minutes.
    pub seen_at: Instant,
    /// When it ends by itself.
    pub expires_at: Instant,
}

/// The browser or program a request came from, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device(pub String);

/// Where somebody signs in from.
#[derive(Debug, Clone)]
pub struct Place {
    /// In what.
    pub device: Device,
    /// The login the request came with, which ends when a new one begins.
    pub login: Option<LoginId>,
}

/// A login just begun: its viewer, its first generation's tokens are made of the rest.
#[derive(Debug, Clone)]
pub struct Begun {
    pub(super) viewer: Viewer,
    pub(super) expires_at: Instant,
}

impl Begun {
    /// The first tokens.
    pub(super) fn tokens(&self, app: &App) -> Result<Tokens> {
        tokens::issue(app, &self.viewer, 0, self.expires_at)
    }
}

/// Begins a login. Its id is new, whatever the request came with.
pub(super) async fn begin(tx: &mut Tx, app: &App, user: &User, device: &Device, second_factor: bool) -> Result<Begun> {
    let now = app.clock.now();
    let expires_at = now.plus_minutes(i64::from(app.config.login_days) * 24 * 60);
    let id = LoginId(app.clock.new_id());
    let login = Login { id, device: device.0.clone(), created_at: now, seen_at: now, expires_at };
    store::insert_login(tx, user.id, second_factor, &login).await?;
    Ok(Begun { viewer: Viewer { user_id: user.id, login_id: id, role: user.role, second_factor }, expires_at })
}

/// Ends a login inside a write, whoever's it is.
pub(super) async fn end_now(tx: &mut Tx, login: LoginId, because: &str, now: Instant) -> Result<()> {
    if store::end_login(tx, login, None, because, now).await? > 0 {
        tx.announce(Event::LoginChanged { login_id: Some(login) });
    }
    Ok(())
}

/// Ends every login of a user but one, inside a write; answers how many.
pub(super) async fn end_all(
    tx: &mut Tx,
    user: UserId,
    except: Option<LoginId>,
    because: &str,
    now: Instant,
) -> Result<u64> {
    let ended = store::end_logins_of(tx, user, except, because, now).await?;
    tx.announce(Event::LoginChanged { login_id: None });
    Ok(ended)
}

/// Your logins that stand, the last used first.
pub async fn list(app: &App, viewer: Viewer) -> Result<Vec<Login>> {
    Ok(store::logins_of(&mut app.db.read().await?, viewer.user_id, app.clock.now()).await?)
}

/// Ends the login a request came with.
pub async fn sign_out(app: &App, login: LoginId) -> Result<()> {
    let now = app.clock.now();
    app.db.write(move |tx| Box::pin(async move { end_now(tx, login, "signed out", now).await })).await
}

/// Ends one of your own logins. Somebody else's does not exist for you.
pub async fn end(app: &App, viewer: Viewer, login: LoginId) -> Result<()> {
    let now = app.clock.now();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if store::end_login(tx, login, Some(viewer.user_id), "ended by its owner", now).await? == 0 {
                    let message = "There is no such login, or it has ended already.";
                    return Err(Error::refused("loginId", ErrorCode::NotFound, message));
                }
                tx.announce(Event::LoginChanged { login_id: Some(login) });
                Ok(())
            })
        })
        .await
}

/// Ends all of your logins but this one; answers how many.
pub async fn end_others(app: &App, viewer: Viewer) -> Result<u64> {
    let now = app.clock.now();
    app.db
        .write(move |tx| {
            Box::pin(async move { end_all(tx, viewer.user_id, Some(viewer.login_id), "ended by its owner", now).await })
        })
        .await
}

/// Shuts somebody out: they cannot sign in any more, and are signed out everywhere with the next request.
pub async fn disable(app: &App, user: UserId) -> Result<()> {
    let now = app.clock.now();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if store::set_disabled(tx, user, now).await? == 0 {
                    return Err(Error::NotFound);
                }
                audit::record(tx, now, None, "user disabled", Some(user.0)).await?;
                end_all(tx, user, None, "disabled", now).await.map(|_| ())
            })
        })
        .await
}

/// Changes what somebody may do. They sign in again, with whatever their new role asks for.
pub async fn set_role(app: &App, user: UserId, role: Role) -> Result<()> {
    let now = app.clock.now();
    app.db
        .write(move |tx| {
            Box::pin(async move {
                if store::set_role(tx, user, role).await? == 0 {
                    return Err(Error::NotFound);
                }
                audit::record(tx, now, None, "role changed", Some(user.0)).await?;
                end_all(tx, user, None, "role changed", now).await.map(|_| ())
            })
        })
        .await
}

impl Device {
    /// What a browser calls itself, in words a person knows: `Firefox on Linux`.
    pub fn of_user_agent(text: &str) -> Self {
        let first = |names: &[(&str, &'static str)]| {
            names.iter().find(|(mark, _)| text.contains(mark)).map(|(_, words)| *words)
        };
        // In this order: most browsers also name those they are like.
        let browser = first(&[
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("SamsungBrowser", "Samsung Internet"),
            ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"),
            ("CriOS", "Chrome"),
            ("Chrome", "Chrome"),
            ("Safari", "Safari"),
        ]);
        let system = first(&[
            ("iPhone", "an iPhone"),
            ("iPad", "an iPad"),
            ("Android", "Android"),
            ("CrOS", "ChromeOS"),
            ("Windows", "Windows"),
            ("Mac OS X", "a Mac"),
            ("Linux", "Linux"),
        ]);
        Device(match (browser, system) {
            (Some(browser), Some(system)) => format!("{browser} on {system}"),
            (Some(browser), None) => browser.into(),
            (None, Some(system)) => format!("A program on {system}"),
            (None, None) => "A program".into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(user_agent: &str, words: &str) {
        assert_eq!(Device::of_user_agent(user_agent).0, words);
    }

    #[test]
    fn a_browser_is_called_what_people_call_it() {
        check("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux");
        check(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0",
            "Edge on Windows",
        );
        check(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1",
            "Safari on an iPhone",
        );
        check("curl/8.11", "A program");
        check("<script>alert(1)</script>", "A program");
    }
}
