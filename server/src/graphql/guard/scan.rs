//! Counts how deep brackets nest, without recursion, before a parser descends into them.

use super::{MOST_NESTING, Refusal};

/// Refuses text whose brackets nest deeper than anyone needs. Strings and comments are skipped as the parser skips them.
pub(super) fn nesting(text: &str) -> Result<(), Refusal> {
    let mut rest = text.as_bytes();
    let mut depth = 0_usize;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'{' | b'[' | b'(' => {
                depth += 1;
                if depth > MOST_NESTING {
                    return Err(Refusal::TooMuch("it is nested too deeply"));
                }
            }
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            b'#' => rest = after_line(rest),
            b'"' => rest = after_string(rest)?,
            _ => {}
        }
    }
    Ok(())
}

fn after_line(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len());
    &bytes[end..]
}

/// What follows a string whose first quote has been read.
fn after_string(mut rest: &[u8]) -> Result<&[u8], Refusal> {
    if let Some(block) = rest.strip_prefix(b"\"\"") {
        rest = block;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix(b"\\\"\"\"") {
                rest = after;
            } else if let Some(after) = rest.strip_prefix(b"\"\"\"") {
                return Ok(after);
            } else {
                rest = &rest[1..];
            }
        }
    }
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'"' => return Ok(rest),
            b'\\' => rest = rest.get(1..).unwrap_or_default(),
            b'\n' | b'\r' => break,
            _ => {}
        }
    }
    Err(Refusal::Syntax("A string is not closed.".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize, between: &str) -> String {
        format!("{}{}", format!("{{a{between}").repeat(levels), "}".repeat(levels))
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        let text =
            format!("{{ a(b: \"{0}\\\"{0}\", c: \"\"\"{0}\\\"\"\"{0}\"\"\", d: \"\") # {0}\n }}", "{".repeat(40));
        assert_eq!(nesting(&text), Ok(()));
    }

    #[test]
    fn closing_brackets_in_strings_and_comments_do_not_hide_open_ones() {
        for between in ["", "(b:\"}\")", "(b:\"\"\"}\"\"\")", "#}\n", "(b:\"\\\"}\")", "(b:\"\")"] {
            assert_eq!(nesting(&nested(MOST_NESTING - 1, between)), Ok(()), "{between}");
            assert!(nesting(&nested(MOST_NESTING + 1, between)).is_err(), "{between}");
        }
    }

    #[test]
    fn a_string_must_end() {
        for text in ["{ a(b: \"", "{ a(b: \"x\n\") }", "{ a(b: \"\"\"x\"\") }", "\"\\"] {
            assert!(matches!(nesting(text), Err(Refusal::Syntax(_))), "{text}");
        }
    }
}
