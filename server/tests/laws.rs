//! The laws of the code, as tests: who may know whom, where SQL lives, and what must be current.

use async_graphql::parser::types::{TypeKind, TypeSystemDefinition};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use syn::visit::Visit;

/// Features in order; each sees only those to its left.
const FEATURES: &[&str] = &[
    "accounts",
    "practice",
    "clients",
    "intake",
    "money",
    "reminders",
    "bookings",
    "payments",
    "series",
    "waitlist",
    "requests",
    "inquiries",
    "notifications",
];

/// Modules by level; each sees its own level and those above it in this list.
const LEVELS: &[(&str, &[&str])] = &[
    ("ground", &["clock", "config", "db", "error", "events", "integrations", "keys", "limits", "memory", "pulse"]),
    ("kit", &["app", "audit", "graphql", "idempotency", "jobs"]),
    ("features", &["features"]),
    ("sums", &["schema", "seed", "worker"]),
    ("edge", &["cli", "http", "logging", "sandbox", "telemetry"]),
];

/// What the kit may know of the features: `App` holds their caches, and a resolver asks who is signed in.
const KIT_KNOWS: &[&str] = &["accounts", "bookings", "practice"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn rust_files(folder: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let folder = root().join(folder);
    let mut paths = Vec::new();
    walk(&folder, &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "there is no Rust in {}", folder.display());
    paths
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&folder).expect("it was found there").display().to_string();
            (name, fs::read_to_string(&path).expect("a source file can be read"))
        })
        .collect()
}

/// The module a file is, from the root of its crate: `features/bookings/hold.rs` is `features::bookings::hold`.
fn module_of(file: &str) -> Vec<String> {
    let mut parts: Vec<String> = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

/// Every path a file names, from the root of its crate, like `features::bookings::hold`; however it is written there.
fn named_paths(file: &str, text: &str) -> BTreeSet<String> {
    struct Paths {
        found: BTreeSet<String>,
        /// The module that is being read.
        here: Vec<String>,
    }
    impl Paths {
        fn name(&mut self, path: &[String]) {
            let from_here = path.iter().take_while(|part| matches!(part.as_str(), "self" | "super")).count();
            let (before, rest) = match path.first().map(String::as_str) {
                Some("crate") => (&self.here[..0], &path[1..]),
                Some("self" | "super") => {
                    let up = path[..from_here].iter().filter(|part| *part == "super").count();
                    (&self.here[..self.here.len().saturating_sub(up)], &path[from_here..])
                }
                _ => return,
            };
            self.found.insert([before, rest].concat().join("::"));
        }
        fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
            let join = |name: &syn::Ident| [before, &[name.to_string()]].concat();
            match tree {
                syn::UseTree::Path(path) => self.tree(&join(&path.ident), &path.tree),
                syn::UseTree::Name(name) => self.name(&join(&name.ident)),
                syn::UseTree::Rename(name) => self.name(&join(&name.ident)),
                syn::UseTree::Glob(_) => self.name(&[before, &["*".to_owned()]].concat()),
                syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(before, item)),
            }
        }
    }
    impl<'ast> Visit<'ast> for Paths {
        fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
            self.here.push(module.ident.to_string());
            syn::visit::visit_item_mod(self, module);
            self.here.pop();
        }
        fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
            self.tree(&[], &item.tree);
        }
        fn visit_path(&mut self, path: &'ast syn::Path) {
            let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.name(&segments);
            syn::visit::visit_path(self, path);
        }
    }
    let mut paths = Paths { found: BTreeSet::new(), here: module_of(file) };
    paths.visit_file(&syn::parse_file(text).expect("a source file is Rust"));
    paths.found
}

#[test]
fn a_path_is_found_however_it_is_written() {
    let text = "use super::super::bookings::{self, hold::Hold as Kept};
        use self::inner::*;
        use crate::jobs::Job;
        use serde::Serialize;
        fn f() { super::super::notifications::tell(); crate::db::open::<super::store::Row>() }
        mod tests { use super::super::store; }";
    let found = named_paths("features/clients/decide.rs", text);
    let expected = [
        "db::open",
        "features::bookings::hold::Hold",
        "features::bookings::self",
        "features::clients::decide::inner::*",
        "features::clients::store",
        "features::clients::store::Row",
        "features::notifications::tell",
        "jobs::Job",
    ];
    assert_eq!(found, expected.map(str::to_owned).into());
    assert_eq!(module_of("features/bookings/mod.rs"), ["features", "bookings"]);
    assert_eq!(
        named_paths("features/mod.rs", "use self::bookings::Slot;"),
        ["features::bookings::Slot".to_owned()].into()
    );
}

fn level_of(module: &str) -> usize {
    LEVELS
        .iter()
        .position(|(_, modules)| modules.contains(&module))
        .unwrap_or_else(|| panic!("the module `{module}` has no level; give it one in LEVELS"))
}

#[test]
fn modules_only_look_up_the_list_of_levels() {
    let mut broken = Vec::new();
    for (file, text) in rust_files("server/src") {
        let module = file.split(['/', '.']).next().expect("a file has a name");
        if matches!(module, "lib" | "main") {
            continue;
        }
        for path in named_paths(&file, &text) {
            let mut parts = path.split("::");
            let other = parts.next().expect("a path has a first part");
            if !LEVELS.iter().any(|(_, modules)| modules.contains(&other)) {
                continue;
            }
            let feature = parts.next().unwrap_or_default();
            let known_by_kit =
                LEVELS[level_of(module)].0 == "kit" && other == "features" && KIT_KNOWS.contains(&feature);
            if level_of(other) > level_of(module) && !known_by_kit {
                broken.push(format!("{file} reaches down to {path}"));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn features_only_look_left() {
    let mut broken = Vec::new();
    for (rank, feature) in FEATURES.iter().enumerate() {
        for (file, text) in rust_files(&format!("server/src/features/{feature}")) {
            for path in named_paths(&format!("features/{feature}/{file}"), &text) {
                let Some(rest) = path.strip_prefix("features::") else { continue };
                let other = rest.split("::").next().unwrap_or_default();
                let known = FEATURES.iter().position(|name| *name == other);
                if known.is_none_or(|other| other > rank) {
                    broken.push(format!("{feature}/{file} reaches right, to {path}"));
                }
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
    let listed: BTreeSet<String> = FEATURES.iter().map(|name| (*name).to_owned()).collect();
    let present: BTreeSet<String> = fs::read_dir(root().join("server/src/features"))
        .expect("the features can be listed")
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(present, listed, "a feature without a place in the order");
}

#[test]
fn sql_lives_in_stores() {
    let at_home = |file: &str| {
        file.ends_with("store.rs")
            || file.contains("/store/")
            || file.starts_with("db/")
            || matches!(file, "jobs/queue.rs" | "audit.rs" | "idempotency.rs")
    };
    // `.query(` begins a statement, however it is broken into lines; other things that can be asked have no `conn` or
    // `tx`. sqlx itself is asked in `db` only.
    let begins = |text: &str| {
        let dense: String = text.split_whitespace().collect();
        ["conn.query(", "tx.query(", "await?.query(", ".query(\"", "Conn::query"]
            .iter()
            .any(|call| dense.contains(call))
    };
    // A batch takes its statements as literals.
    let is_statement = |text: &str| {
        ["\"select ", "\"insert into ", "\"update ", "\"delete from "].iter().any(|first| text.contains(first))
    };
    let asks_sqlx = |text: &str| {
        ["sqlx::query", "sqlx::raw_sql", "sqlx::QueryBuilder", "sqlx::Executor"].iter().any(|word| text.contains(word))
    };
    let strangers: Vec<String> = rust_files("server/src")
        .into_iter()
        .filter(|(file, text)| {
            (!at_home(file) && (begins(text) || is_statement(text))) || (!file.starts_with("db/") && asks_sqlx(text))
        })
        .map(|(file, _)| file)
        .collect();
    assert_eq!(strangers, Vec::<String>::new());
}

#[test]
fn resolvers_hold_no_transactions() {
    let mut broken = Vec::new();
    for (file, text) in rust_files("server/src/features") {
        let is_graphql = file.ends_with("graphql.rs") || file.contains("/graphql/");
        if is_graphql && (text.contains(".db.") || text.contains(".db\n")) {
            broken.push(file);
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn stores_are_private_to_their_feature() {
    for (file, text) in rust_files("server/src/features") {
        assert!(!text.contains("pub mod store"), "{file} opens its store");
    }
}

#[test]
fn shared_does_no_io_and_reads_no_clock() {
    for (file, text) in rust_files("shared/src") {
        for forbidden in
            ["std::fs", "std::net", "std::env", "now_utc", "SystemTime", "thread_rng", "getrandom", "async fn"]
        {
            assert!(!text.contains(forbidden), "shared/src/{file} uses {forbidden}");
        }
    }
}

#[test]
fn surfaces_do_not_know_each_other() {
    for surface in ["public", "portal", "admin"] {
        for (file, text) in rust_files(&format!("app/src/{surface}")) {
            for path in named_paths(&format!("{surface}/{file}"), &text) {
                let other = path.split("::").next().unwrap_or_default();
                let stranger = ["public", "portal", "admin"].contains(&other) && other != surface;
                assert!(!stranger, "app/src/{surface}/{file} knows {path}");
            }
        }
    }
    for (file, text) in rust_files("app/src/ui") {
        assert!(
            !named_paths(&format!("ui/{file}"), &text).iter().any(|path| path.starts_with("api")),
            "app/src/ui/{file} knows the API"
        );
    }
}

#[test]
fn folders_are_named_after_what_they_hold() {
    for folder in ["server/src", "app/src", "shared/src"] {
        for (file, _) in rust_files(folder) {
            for name in ["services", "utils", "util", "models", "helpers", "common", "dto"] {
                assert!(!file.split(['/', '.']).any(|part| part == name), "{folder}/{file}: `{name}` says nothing");
            }
        }
    }
}

#[test]
fn no_crate_of_ours_is_unsafe() {
    let read = |file: &str| fs::read_to_string(root().join(file)).expect("a manifest");
    let workspace = read("Cargo.toml");
    assert!(workspace.contains("unsafe_code = \"forbid\""), "the workspace forbids it");
    let members = workspace.lines().find_map(|line| line.strip_prefix("members = ")).expect("members");
    let members: Vec<String> = serde_json::from_str(members).expect("a list");
    assert!(members.len() >= 3);
    for member in members {
        let manifest = read(&format!("{member}/Cargo.toml"));
        assert!(manifest.contains("[lints]\nworkspace = true"), "{member} has lints of its own");
    }
}

#[test]
fn the_printed_schema_is_current() {
    let kept = fs::read_to_string(root().join("schema.graphql")).expect("schema.graphql is there");
    let printed = anteroom::schema::sdl();
    assert!(
        kept.trim() == printed.trim(),
        "schema.graphql is old; run: cargo run -p anteroom --no-default-features -- schema > schema.graphql"
    );
}

#[test]
fn every_type_field_and_value_of_the_api_is_described() {
    let sdl = anteroom::schema::sdl();
    let mut undescribed = Vec::new();
    let mut described = false;
    let mut inside_text = false;
    for line in sdl.lines().map(str::trim) {
        if line.starts_with("\"\"\"") || line.ends_with("\"\"\"") {
            if !(line.len() > 5 && line.starts_with("\"\"\"") && line.ends_with("\"\"\"")) {
                inside_text = !inside_text;
            }
            described = true;
            continue;
        }
        let names_something = !inside_text
            && !line.is_empty()
            && line != "}"
            && !line.starts_with(['#', '@', ')'])
            && !line.starts_with("schema")
            && !line.starts_with("directive")
            && !line.starts_with("query:")
            && !line.starts_with("mutation:")
            && !line.starts_with("subscription:");
        if names_something && !described {
            undescribed.push(line.to_owned());
        }
        if !inside_text {
            described = false;
        }
    }
    assert_eq!(undescribed, Vec::<String>::new());
}

/// What an `input` holds is said where its type is.
#[test]
fn every_argument_of_the_api_is_described() {
    let document = async_graphql::parser::parse_schema(anteroom::schema::sdl()).expect("the API can be read");
    let mut undescribed = Vec::new();
    for definition in document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let TypeKind::Object(object) = &definition.node.kind else { continue };
        for field in &object.fields {
            for argument in &field.node.arguments {
                let name = argument.node.name.node.as_str();
                if name != "input" && argument.node.description.is_none() {
                    undescribed.push(format!("{}.{}({name})", definition.node.name.node, field.node.name.node));
                }
            }
        }
    }
    assert_eq!(undescribed, Vec::<String>::new());
}

#[test]
fn the_example_of_settings_is_complete() {
    let kept = fs::read_to_string(root().join(".env.example")).expect(".env.example is there");
    assert_eq!(
        kept,
        anteroom::cli::example(),
        "run: cargo run -p anteroom --no-default-features -- config example > .env.example"
    );
}

#[test]
fn every_migration_is_applied() {
    let code = fs::read_to_string(root().join("server/src/db/migrate.rs")).expect("the list can be read");
    let mut files = Vec::new();
    for folder in ["migrations", "migrations/sqlite", "migrations/postgres"] {
        for entry in fs::read_dir(root().join(folder)).expect("migrations can be listed").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".sql") {
                files.push(format!("{folder}/{name}").replacen("migrations/", "", 1));
            }
        }
    }
    for file in files {
        assert!(code.contains(&format!("\"{file}\"")), "{file} is not listed in server/src/db/migrate.rs");
    }
}
