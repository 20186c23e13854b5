//! Documents that cost more to look at than to answer are refused before anything looks at them.

use anteroom::graphql::guard::{self, Admitted, Documents, Refusal};
use async_graphql::parser::types::OperationType;
use async_graphql::{Name, Request};

fn accepted(document: &str) {
    if let Err(refusal) = guard::check(document) {
        panic!("{refusal}: {document:.200}");
    }
}

fn refused(document: &str) {
    match guard::check(document) {
        Err(Refusal::TooMuch(_)) => {}
        other => panic!("not refused as too much, but {other:?}: {document:.200}"),
    }
}

/// `levels` fragments, each spreading the next `width` times.
fn fan(levels: usize, width: usize) -> String {
    let mut document = String::from("{ ...f0 }\n");
    for level in 0..levels {
        let spreads = format!("...f{} ", level + 1).repeat(width);
        document.push_str(&format!("fragment f{level} on Query {{ {spreads} }}\n"));
    }
    document.push_str(&format!("fragment f{levels} on Query {{ __typename }}"));
    document
}

fn nested(levels: usize) -> String {
    format!("{{ {}a {} }}", "a { ".repeat(levels - 1), "}".repeat(levels - 1))
}

fn many(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().join(" ")
}

/// What tools ask a schema by default.
fn introspection() -> String {
    let of_type = format!("{}{}", "ofType { kind name ".repeat(9), "}".repeat(9));
    format!(
        "query IntrospectionQuery {{ __schema {{
            queryType {{ name kind }} mutationType {{ name kind }} subscriptionType {{ name kind }}
            types {{ ...FullType }}
            directives {{ name description locations args {{ ...InputValue }} }}
        }} }}
        fragment FullType on __Type {{
            kind name description
            fields(includeDeprecated: true) {{
                name description args {{ ...InputValue }} type {{ ...TypeRef }} isDeprecated deprecationReason
            }}
            inputFields {{ ...InputValue }}
            interfaces {{ ...TypeRef }}
            enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
            possibleTypes {{ ...TypeRef }}
        }}
        fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue }}
        fragment TypeRef on __Type {{ kind name {of_type} }}"
    )
}

#[test]
fn what_people_ask_is_accepted() {
    accepted("{ practice { name } }");
    accepted("query A($x: ID! = \"}\") { a(x: $x) { b c ...F } } fragment F on T { d e { f } }");
    accepted("subscription { availabilityChanged(sessionTypeId: \"1\") { sessionTypeId } }");
    accepted(&introspection());
}

#[test]
fn what_is_not_graphql_is_a_syntax_error() {
    for document in ["", "{", "}", "{ }", "query", "{ a(b: \"x) }", "{ a } garbage", "{ ..", "\u{0}"] {
        assert!(matches!(guard::check(document), Err(Refusal::Syntax(_))), "{document:?}");
    }
}

#[test]
fn documents_are_at_most_16_kib() {
    let padded = |length: usize| format!("{{ a }}{}", " ".repeat(length - 5));
    accepted(&padded(guard::MOST_BYTES));
    refused(&padded(guard::MOST_BYTES + 1));
}

#[test]
fn nesting_is_bounded_before_the_parser_descends() {
    accepted(&nested(guard::MOST_DEPTH));
    for levels in [guard::MOST_DEPTH + 1, guard::MOST_NESTING + 1, 1_000, 4_000] {
        refused(&nested(levels));
    }
    refused(&format!("{{ a(b: {}1{}) }}", "[".repeat(5_000), "]".repeat(5_000)));
    refused(&format!("query($a: {}Int{}) {{ a }}", "[".repeat(5_000), "]".repeat(5_000)));
    refused(&"{".repeat(16_000));
    refused(&format!("{{ a(b: {}) }}", "{a:".repeat(5_000)));
}

#[test]
fn depth_is_counted_through_fragments() {
    let chain = |levels: usize| {
        let links = many(levels, |level| format!("fragment f{level} on T {{ a {{ ...f{} }} }}", level + 1));
        format!("{{ a {{ ...f0 }} }} {links} fragment f{levels} on T {{ b }}")
    };
    accepted(&chain(guard::MOST_DEPTH - 2));
    refused(&chain(guard::MOST_DEPTH - 1));
}

#[test]
fn what_fragments_unfold_to_is_bounded() {
    for (levels, width) in [(22, 2), (14, 3), (8, 6), (60, 50)] {
        refused(&fan(levels, width));
    }
    accepted(&fan(8, 2));
}

#[test]
fn fragments_do_not_go_round_in_circles() {
    refused("{ ...a } fragment a on T { ...a }");
    refused("{ ...a } fragment a on T { x { ...b } } fragment b on T { ... on T { ...a } }");
    refused("{ x } fragment a on T { ...b } fragment b on T { ...a }");
}

#[test]
fn parts_of_a_document_are_counted() {
    let with_fragments = |count: usize| format!("{{ x }} {}", many(count, |n| format!("fragment f{n} on T {{ x }}")));
    accepted(&with_fragments(guard::MOST_FRAGMENTS));
    refused(&with_fragments(guard::MOST_FRAGMENTS + 1));
    refused(&with_fragments(600));

    let with_operations = |count: usize| many(count, |n| format!("query q{n} {{ x }}"));
    accepted(&with_operations(guard::MOST_OPERATIONS));
    refused(&with_operations(guard::MOST_OPERATIONS + 1));
    refused(&with_operations(900));

    let with_variables = |count: usize| format!("query q({}) {{ x }}", many(count, |n| format!("$v{n}: Int")));
    accepted(&with_variables(guard::MOST_VARIABLES));
    refused(&with_variables(guard::MOST_VARIABLES + 1));
    refused(&with_variables(1_000));
}

#[test]
fn one_field_has_few_names() {
    let with_aliases = |count: usize| format!("{{ {} }}", many(count, |n| format!("a{n}: practice")));
    accepted(&with_aliases(guard::MOST_ALIASES));
    refused(&with_aliases(guard::MOST_ALIASES + 1));
    refused(&with_aliases(900));
    let in_fragments = many(20, |n| format!("fragment f{n} on T {{ a{n}: practice }}"));
    refused(&format!("{{ {} }} {in_fragments}", many(20, |n| format!("...f{n}"))));
}

#[test]
fn fields_that_are_repeated_are_counted() {
    accepted(&format!("{{ {} }}", "a ".repeat(guard::MOST_SELECTIONS)));
    refused(&format!("{{ {} }}", "a ".repeat(guard::MOST_SELECTIONS + 1)));
}

#[test]
fn directives_are_few_wherever_they_stand() {
    let directives = |count: usize| "@include(if: true) ".repeat(count);
    let places: [fn(&str) -> String; 6] = [
        |d| format!("{{ a {d} }}"),
        |d| format!("{{ ... on T {d} {{ a }} }}"),
        |d| format!("{{ ...f {d} }} fragment f on T {{ a }}"),
        |d| format!("query q {d} {{ a }}"),
        |d| format!("query q($v: Int {d}) {{ a }}"),
        |d| format!("{{ a }} fragment f on T {d} {{ a }}"),
    ];
    for place in places {
        accepted(&place(&directives(guard::MOST_DIRECTIVES)));
        refused(&place(&directives(guard::MOST_DIRECTIVES + 1)));
        refused(&place(&"@x ".repeat(3_000)));
    }
}

#[test]
fn a_document_tries_to_sign_in_once() {
    accepted("mutation { requestSignIn { x } }");
    refused("mutation { a: completeSignIn { x } b: completeSignIn { x } }");
    refused("mutation { completeSignIn { x } completeSecondFactor { x } }");
    refused("mutation a { refreshLogin { x } } mutation b { refreshLogin { x } }");
    refused("mutation { ...f ...f } fragment f on Mutation { requestSignIn { x } }");
    refused("mutation { ...f ... on Mutation { ...f } } fragment f on Mutation { completeSignIn { x } }");
}

#[test]
fn the_schema_is_asked_no_deeper_than_tools_do() {
    refused("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }");
    refused("{ __type(name: \"T\") { possibleTypes { fields { type { interfaces { name } } } } } }");
    refused(&format!("{{ __schema {{ queryType {{ {} name {} }} }} }}", "ofType { ".repeat(18), "}".repeat(18)));
}

#[test]
fn the_operation_that_runs_is_the_one_that_was_looked_at() {
    let documents = Documents::default();
    let kind = |query: &str, name: Option<&str>| {
        let mut request = Request::new(query);
        request.operation_name = name.map(str::to_owned);
        documents.admit(&mut request).map(|admitted| admitted.kind)
    };
    let both = "query A { a } mutation B { b } subscription C { c }";
    assert_eq!(kind(both, Some("A")), Ok(OperationType::Query));
    assert_eq!(kind(both, Some("B")), Ok(OperationType::Mutation));
    assert_eq!(kind(both, Some("C")), Ok(OperationType::Subscription));
    assert_eq!(kind("mutation B { b }", None), Ok(OperationType::Mutation));
    assert_eq!(kind("{ a }", None), Ok(OperationType::Query));
    for (query, name) in [(both, None), (both, Some("D")), (both, Some("")), ("{ a }", Some("A"))] {
        assert!(matches!(kind(query, name), Err(Refusal::NotAsDeclared(_))), "{query} {name:?}");
    }
    let hidden = format!("query A {{ a }} query B {{ {} }}", "a ".repeat(guard::MOST_SELECTIONS));
    assert!(matches!(kind(&hidden, Some("A")), Err(Refusal::TooMuch(_))));
}

#[test]
fn every_change_in_a_document_is_counted() {
    let roots = |query: &str| {
        let admitted = Documents::default().admit(&mut Request::new(query)).expect("it is accepted");
        admitted.roots.len()
    };
    assert_eq!(roots("mutation { a { b c d } }"), 1);
    assert_eq!(
        roots("mutation { a x: a y: a ... { z: a } ...F } fragment F on M { v: a w: a ...G } fragment G on M { u: a }"),
        7
    );
}

#[test]
fn a_variable_that_must_have_a_value_has_one() {
    let admit = |query: &str, variables: serde_json::Value| {
        let mut request = Request::new(query).variables(async_graphql::Variables::from_json(variables));
        Documents::default().admit(&mut request)
    };
    let needed = "query($a: Int!) { b(c: $a) }";
    for missing in [serde_json::json!({}), serde_json::json!({ "a": null }), serde_json::json!({ "b": 1 })] {
        assert!(matches!(admit(needed, missing), Err(Refusal::NotAsDeclared(_))));
    }
    assert!(admit(needed, serde_json::json!({ "a": 1 })).is_ok());
    assert!(admit("query($a: Int! = 1, $b: Int) { b(c: $a) }", serde_json::json!({})).is_ok());
}

#[test]
fn documents_that_were_accepted_are_remembered_within_bounds() {
    let documents = Documents::default();
    for round in 0..2 {
        for number in 0..40 {
            let mut request = Request::new(format!("{{ a{number} }}{}", " ".repeat(16_000)));
            let query = Admitted { kind: OperationType::Query, roots: vec![Name::new(format!("a{number}"))] };
            assert_eq!(documents.admit(&mut request), Ok(query), "round {round}");
        }
    }
    let mut bad = Request::new(fan(22, 2));
    for _ in 0..3 {
        assert!(documents.admit(&mut bad).is_err());
    }
}
