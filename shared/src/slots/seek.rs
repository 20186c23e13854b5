//! Finding the place in a sorted list, near where the last one was.

/// The first place whose item is not yet past, given that the past ones come first; `hint` is where to look first.
#[inline]
pub(super) fn seek<T>(items: &[T], hint: usize, past: impl Fn(&T) -> bool) -> usize {
    let is_past = |index: usize| items.get(index).is_some_and(&past);
    if hint > 0 && !(hint <= items.len() && past(&items[hint - 1])) {
        return items.partition_point(past);
    }
    if !is_past(hint) {
        hint
    } else if !is_past(hint + 1) {
        hint + 1
    } else {
        hint + items[hint..].partition_point(past)
    }
}

#[cfg(test)]
mod tests {
    use super::seek;

    #[test]
    fn every_hint_finds_the_same_place() {
        let items = [10, 20, 30, 40, 50];
        for wanted in 0..60 {
            let place = items.partition_point(|&item| item <= wanted);
            for hint in 0..8 {
                assert_eq!(seek(&items, hint, |&item| item <= wanted), place, "{wanted} from {hint}");
            }
        }
    }
}
