//! The built styles, fonts, pictures and browser bundles, as they lie in the assets folder.
//!
//! What is there is read once, at the start: only names from that list are ever opened. Addresses below `/assets/` carry
//! a hash of everything, so that a browser may keep what it has for good. Where there is no folder, what was built into
//! the binary serves (feature `embed`).

use super::{Http, answers};
use crate::error::Error;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path as Segments, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// For addresses that change with their contents.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// For addresses that do not.
const FOR_A_WHILE: &str = "public, max-age=3600";

/// Everything in the assets folder, by its path there.
#[derive(Debug, Clone)]
pub struct Assets {
    base: Arc<str>,
    files: Arc<BTreeMap<String, File>>,
}

#[derive(Debug)]
struct File {
    source: Source,
    tag: HeaderValue,
    kind: &'static str,
    has_brotli: bool,
    has_gzip: bool,
    /// What was asked for before, by [`Form`]: however many browsers read slowly, its bytes are there once.
    read: [OnceCell<Bytes>; 3],
}

/// How a file goes over the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Plain,
    Gzip,
    Brotli,
}

impl Form {
    fn extension(self) -> &'static str {
        match self {
            Form::Plain => "",
            Form::Gzip => ".gz",
            Form::Brotli => ".br",
        }
    }

    fn encoding(self) -> Option<&'static str> {
        match self {
            Form::Plain => None,
            Form::Gzip => Some("gzip"),
            Form::Brotli => Some("br"),
        }
    }
}

/// Where the bytes of a file are. Its twins are beside it, by their extension.
#[derive(Debug)]
enum Source {
    Folder(PathBuf),
    #[cfg(feature = "embed")]
    Binary(String),
}

impl Source {
    async fn read(&self, form: Form) -> std::io::Result<Bytes> {
        let extension = form.extension();
        match self {
            Source::Folder(path) => {
                let mut path = path.clone().into_os_string();
                path.push(extension);
                tokio::fs::read(path).await.map(Bytes::from)
            }
            #[cfg(feature = "embed")]
            Source::Binary(name) => embedded::read(&format!("{name}{extension}")),
        }
    }
}

#[cfg(feature = "embed")]
mod embedded {
    use super::{File, Source, is_apart, new_file};
    use axum::body::Bytes;
    use rust_embed::RustEmbed;
    use std::collections::BTreeMap;
    use std::io::{Error, ErrorKind, Result};

    /// What `script/client` had built when this binary was.
    #[derive(RustEmbed)]
    #[folder = "../dist"]
    struct Dist;

    pub(super) fn read(name: &str) -> Result<Bytes> {
        let file = Dist::get(name).ok_or_else(|| Error::from(ErrorKind::NotFound))?;
        Ok(match file.data {
            std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
        })
    }

    pub(super) fn collect(files: &mut BTreeMap<String, File>) -> Result<()> {
        for name in Dist::iter().filter(|name| is_apart(name)) {
            let has_twin = |extension: &str| Dist::get(&format!("{name}.{extension}")).is_some();
            let file = new_file(&name, Source::Binary(name.to_string()), &read(&name)?, has_twin)?;
            files.insert(name.to_string(), file);
        }
        Ok(())
    }
}

impl Assets {
    /// Reads what is there. Without a folder pages still work, unstyled; the log says what to do.
    pub fn read(folder: &Path) -> Self {
        let mut files = BTreeMap::new();
        #[cfg_attr(not(feature = "embed"), expect(unused_mut, reason = "only then is there a second place"))]
        let mut read = collect(folder, "", &mut files);
        #[cfg(feature = "embed")]
        if !folder.exists() {
            read = embedded::collect(&mut files);
        }
        if let Err(error) = read {
            tracing::warn!(folder = %folder.display(), %error, "there are no built assets; script/client builds them");
        }
        let list: String = files.iter().map(|(name, file)| format!("{name} {:?}\n", file.tag)).collect();
        Assets { base: format!("/assets/{}/", short_hash(list.as_bytes())).into(), files: Arc::new(files) }
    }

    /// The address of the folder, with a slash at the end. It changes whenever any file does.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The address of a file, like `style.css` or `pkg/public.js`.
    pub fn url(&self, name: &str) -> String {
        format!("{}{name}", self.base)
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, File>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let (path, kind) = (entry.path(), entry.file_type()?);
        if !is_apart(&name) {
            continue;
        }
        if kind.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), files)?;
        } else if kind.is_file() {
            let has_twin = |extension: &str| folder.join(format!("{name}.{extension}")).is_file();
            let bytes = std::fs::read(&path)?;
            files.insert(format!("{prefix}{name}"), new_file(&name, Source::Folder(path), &bytes, has_twin)?);
        }
    }
    Ok(())
}

/// Whether a file stands for itself: it is neither hidden nor the compressed twin of another.
fn is_apart(name: &str) -> bool {
    !name.starts_with('.') && !name.ends_with(".br") && !name.ends_with(".gz")
}

fn new_file(name: &str, source: Source, bytes: &[u8], has_twin: impl Fn(&str) -> bool) -> std::io::Result<File> {
    let tag = HeaderValue::from_str(&format!("\"{}\"", short_hash(bytes))).map_err(std::io::Error::other)?;
    Ok(File {
        source,
        tag,
        kind: kind_of(name),
        has_brotli: has_twin("br"),
        has_gzip: has_twin("gz"),
        read: Default::default(),
    })
}

fn short_hash(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(&crate::keys::hash(bytes)[..12])
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "html" => "text/html; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "xml" => "application/xml; charset=utf-8",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// Files below `/assets/`.
pub fn routes() -> Router<Http> {
    Router::new().route("/assets/{build}/{*name}", get(built))
}

async fn built(
    State(http): State<Http>,
    Segments((build, name)): Segments<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let is_ours = http.assets.base.strip_prefix("/assets/").is_some_and(|base| base.trim_end_matches('/') == build);
    let found = if is_ours { serve(&http.assets, &name, FOR_GOOD, &headers).await } else { None };
    found.unwrap_or_else(|| answers::failed(Error::NotFound))
}

/// A file that outsiders expect at the root, like `/favicon.svg`.
pub async fn plain_file(assets: &Assets, path: &str, headers: &HeaderMap) -> Option<Response> {
    let name = path.strip_prefix('/').filter(|name| !name.contains('/'))?;
    serve(assets, name, FOR_A_WHILE, headers).await
}

async fn serve(assets: &Assets, name: &str, keep: &'static str, asked: &HeaderMap) -> Option<Response> {
    let file = assets.files.get(name)?;
    let mut headers = HeaderMap::new();
    headers.insert(header::ETAG, file.tag.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == file.tag) {
        return Some((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.kind));
    let form = smallest(file, asked);
    if let Some(encoding) = form.encoding() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    match file.read[form as usize].get_or_try_init(|| file.source.read(form)).await {
        Ok(bytes) => Some((headers, bytes.clone()).into_response()),
        Err(error) => {
            tracing::error!(name, %error, "a built file is gone");
            None
        }
    }
}

/// The smallest form of a file that the asker can read.
fn smallest(file: &File, asked: &HeaderMap) -> Form {
    let accepts = |encoding: &str| {
        asked
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|v| v.split(','))
            .any(|part| {
                let mut parts = part.split(';').map(str::trim);
                parts.next() == Some(encoding) && !parts.any(|q| q.trim_start_matches("q=").parse::<f32>() == Ok(0.0))
            })
    };
    if file.has_brotli && accepts("br") {
        return Form::Brotli;
    }
    if file.has_gzip && accepts("gzip") { Form::Gzip } else { Form::Plain }
}
