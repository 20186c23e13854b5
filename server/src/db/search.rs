//! What somebody looks for in a list, as a pattern.

/// Something that has this in it, in any case, for `lower(column) like $1 escape '!'`; nothing when nothing was typed. What
/// is typed is never a pattern itself.
pub fn containing(typed: Option<&str>) -> Option<String> {
    let typed = typed.map(str::trim).filter(|typed| !typed.is_empty())?;
    let mut pattern = String::from("%");
    for letter in typed.to_lowercase().chars().take(100) {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    Some(pattern)
}
