//! What every page must be.

/// A whole page: a heading, a title, help in a crisis, no style or script inside, nothing from elsewhere.
pub fn check_page(path: &str, html: &str) {
    assert!(html.starts_with("<!doctype html><html lang=\"en\">"), "{path} is not a document");
    assert_eq!(html.matches("<h1").count(), 1, "{path} has one heading");
    assert!(!between(html, "<title>", "</title>").unwrap_or_default().trim().is_empty(), "{path} has a title");
    assert!(html.contains("id=\"crisis\""), "{path} says who to call in a crisis");
    assert!(html.contains("href=\"#main\"") && html.contains("<main id=\"main\""), "{path} can be skipped into");
    for forbidden in ["style=", "onclick=", "onload=", "<style", "javascript:"] {
        assert!(!html.contains(forbidden), "{path} contains {forbidden}");
    }
    for (begin, _) in html.match_indices("<script") {
        let tag = &html[begin..begin + html[begin..].find('>').expect("a tag ends")];
        let is_way_back =
            html[begin..].split_once('>').is_some_and(|(_, code)| code.starts_with("if(document.referrer"));
        let is_ours = tag.contains("src=\"/") || tag.contains("type=\"application/") || is_way_back;
        assert!(is_ours, "{path} has a script inside: {tag}");
    }
    let own = html.replace("http://localhost:3000", "").replace("http://www.w3.org/2000/svg", "");
    let own = own.replace("\"@context\":\"https://schema.org\"", "");
    for foreign in ["http://", "https://", "src=\"//", "href=\"//"] {
        assert!(!own.contains(foreign), "{path} names somebody else's address");
    }
}

/// What search engines and previews read in the head.
pub fn check_public_head(path: &str, html: &str) {
    let head = between(html, "<head>", "</head>").expect("a head");
    let description = between(head, "<meta name=\"description\" content=\"", "\"").expect("a description");
    assert!(description.chars().count() >= 30, "{path} describes itself in too few words: {description}");
    let url = format!("http://localhost:3000{path}");
    assert!(head.contains(&format!("<link rel=\"canonical\" href=\"{url}\">")), "{path} is canonical");
    assert!(head.contains(&format!("<meta property=\"og:url\" content=\"{url}\">")), "{path} has a preview");
    assert!(head.contains("og:image\" content=\"http://localhost:3000/share.png\""), "{path} has a picture");
    assert!(!json_ld(html).is_empty(), "{path} tells programs what it is");
}

/// What a page says to programs.
pub fn json_ld(html: &str) -> Vec<serde_json::Value> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(begin) = rest.find("<script type=\"application/ld+json\"") {
        let script = &rest[begin..];
        let json = between(script, ">", "</script>").expect("a script ends");
        found.push(serde_json::from_str(json).expect("JSON-LD is JSON"));
        rest = &script[json.len()..];
    }
    found
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let rest = &text[text.find(before)? + before.len()..];
    Some(&rest[..rest.find(after)?])
}
