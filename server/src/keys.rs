//! Secrets, hashes and encryption at rest. Everything comes from one 32-byte master key in a file.

mod store;

use crate::db::{Conn, Db};
use crate::error::{Error, Result};
use aws_lc_rs::{digest, hmac, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use std::path::Path;
use uuid::Uuid;

/// The keys everything secret is made with.
pub struct Keys {
    seal: [u8; 32],
    links: hmac::Key,
    refresh: hmac::Key,
    /// What access tokens are signed with.
    pub access: [u8; 32],
}

/// The first byte of everything sealed: which scheme it was sealed with.
const SCHEME: u8 = 1;

const NONCE: usize = 24;

/// Where the witness is sealed for, and what it says.
const WITNESS: &str = "key_witness/sealed/1";

impl Keys {
    /// Reads the master key, or makes one if `may_make` (a database without data).
    pub fn open(file: &Path, may_make: bool) -> Result<Self> {
        let master = match std::fs::read(file) {
            Ok(bytes) => <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| {
                Error::internal(format!("{} is not a master key: it must hold exactly 32 bytes", file.display()))
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && may_make => {
                let master = random::<32>()?;
                write_private(file, &master)?;
                master
            }
            Err(error) => {
                return Err(Error::internal(format!(
                    "the master key {} cannot be read ({error}); put back the file this database was made with",
                    file.display()
                )));
            }
        };
        if !looks_random(&master) {
            return Err(Error::internal(format!(
                "the master key {} was not drawn at random; use `head -c 32 /dev/urandom`",
                file.display()
            )));
        }
        Ok(Self::from_master(&master))
    }

    /// The keys that follow from a master key.
    pub fn from_master(master: &[u8; 32]) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, master);
        let derive = |label: &str| -> [u8; 32] {
            let mut key = [0; 32];
            key.copy_from_slice(hmac::sign(&root, format!("anteroom/1/{label}").as_bytes()).as_ref());
            key
        };
        Keys {
            seal: derive("seal"),
            links: hmac::Key::new(hmac::HMAC_SHA256, &derive("links")),
            refresh: hmac::Key::new(hmac::HMAC_SHA256, &derive("refresh")),
            access: derive("access"),
        }
    }

    /// Whether a database knows this key: nothing if it has never met one.
    pub async fn is_known_to(&self, conn: &mut Conn) -> Result<Option<bool>> {
        let witness = store::witness(conn).await?;
        Ok(witness.map(|sealed| self.open_sealed(WITNESS, &sealed).is_ok()))
    }

    /// Makes this the key a database knows.
    pub async fn introduce(&self, db: &Db) -> Result<()> {
        let sealed = self.seal(WITNESS, WITNESS.as_bytes())?;
        db.write(move |tx| {
            let sealed = sealed.clone();
            Box::pin(async move { Ok(store::keep_witness(tx, sealed).await?) })
        })
        .await
    }

    /// Encrypts what only this place (a table, column and row) may hold: moved elsewhere it cannot be opened.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>> {
        seal_with(&self.seal, place, plain)
    }

    /// Decrypts what was sealed for this place.
    pub fn open_sealed(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        open_with(&self.seal, place, sealed)
    }

    /// The secret of a mailed link: 32 bytes that only this practice can derive from the row's id. Only its hash is stored.
    pub fn link_secret(&self, purpose: &str, id: Uuid) -> Secret {
        Secret(tag(&self.links, &[purpose.as_bytes(), b"/", id.as_bytes()]))
    }

    /// The six digits that can be typed instead of following a link.
    pub fn code(&self, purpose: &str, id: Uuid) -> String {
        let tag = tag(&self.links, &[b"code/", purpose.as_bytes(), b"/", id.as_bytes()]);
        let number = u64::from_be_bytes(tag[..8].try_into().expect("a tag has 32 bytes"));
        format!("{:06}", number % 1_000_000)
    }

    /// Stands for a text, always the same, where the text itself must not be stored.
    pub fn pseudonym(&self, purpose: &str, text: &str) -> String {
        let tag = tag(&self.links, &[b"pseudonym/", purpose.as_bytes(), b"/", text.as_bytes()]);
        URL_SAFE_NO_PAD.encode(&tag[..18])
    }

    /// The refresh token of a login's generation. Asking again gives the same, so that a lost answer can be repeated.
    pub fn refresh_secret(&self, login: Uuid, generation: i64) -> Secret {
        Secret(tag(&self.refresh, &[login.as_bytes(), &generation.to_be_bytes()]))
    }
}

/// Refuses what people put in for a key: zeros, or words. In 32 random bytes fewer than 16 different ones, or nothing but
/// ASCII, do not occur.
fn looks_random(master: &[u8; 32]) -> bool {
    let different: std::collections::BTreeSet<_> = master.iter().collect();
    different.len() >= 16 && !master.is_ascii()
}

fn tag(key: &hmac::Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(part);
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.sign().as_ref());
    bytes
}

/// Encrypts under a given key.
pub fn seal_with(key: &[u8; 32], place: &str, plain: &[u8]) -> Result<Vec<u8>> {
    let nonce = random::<NONCE>()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: place.as_bytes() })
        .map_err(|_| Error::internal("cannot encrypt"))?;
    let mut whole = Vec::with_capacity(1 + NONCE + sealed.len());
    whole.push(SCHEME);
    whole.extend_from_slice(&nonce);
    whole.extend_from_slice(&sealed);
    Ok(whole)
}

/// Decrypts under a given key.
pub fn open_with(key: &[u8; 32], place: &str, sealed: &[u8]) -> Result<Vec<u8>> {
    let broken = || Error::internal(format!("what is stored at {place} cannot be decrypted with this master key"));
    let (scheme, rest) = sealed.split_first().ok_or_else(broken)?;
    if *scheme != SCHEME || rest.len() < NONCE {
        return Err(broken());
    }
    let (nonce, text) = rest.split_at(NONCE);
    let nonce: [u8; NONCE] = nonce.try_into().expect("split at the length of a nonce");
    XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(nonce), Payload { msg: text, aad: place.as_bytes() })
        .map_err(|_| broken())
}

/// 32 secret bytes, as base64url on the wire. Never stored: its hash is.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A new random secret.
    pub fn random() -> Result<Self> {
        random::<32>().map(Secret)
    }

    /// Reads what [`Secret::text`] wrote.
    pub fn read(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Secret)
    }

    /// For a link, a cookie or a form.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What is stored and looked up.
    pub fn hash(&self) -> Vec<u8> {
        hash(&self.0)
    }

    /// Whether both are the same, in constant time.
    pub fn is(&self, other: &Secret) -> bool {
        subtle::ConstantTimeEq::ct_eq(self.0.as_slice(), other.0.as_slice()).into()
    }

    /// The bytes themselves.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// SHA-256.
pub fn hash(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| Error::internal("the operating system gives no random bytes"))?;
    Ok(bytes)
}

/// Characters of `alphabet`, each equally likely.
pub fn random_text(alphabet: &[u8], length: usize) -> Result<String> {
    let fair = 256 - 256 % alphabet.len();
    let mut text = String::with_capacity(length);
    while text.len() < length {
        for byte in random::<32>()? {
            if usize::from(byte) < fair && text.len() < length {
                text.push(char::from(alphabet[usize::from(byte) % alphabet.len()]));
            }
        }
    }
    Ok(text)
}

fn write_private(file: &Path, bytes: &[u8]) -> Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let broken = |error: std::io::Error| Error::internal(format!("cannot write {}: {error}", file.display()));
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(broken)?;
    }
    let mut handle = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(broken)?;
    handle.write_all(bytes).map_err(broken)?;
    handle.sync_all().map_err(broken)
}
