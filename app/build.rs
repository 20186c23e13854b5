//! Registers the API, so that every query in this crate is checked against it when it compiles.

fn main() {
    cynic_codegen::register_schema("practice")
        .from_sdl_file("../schema.graphql")
        .expect("schema.graphql is in the project's root and can be read")
        .as_default()
        .expect("there is one schema");
}
