//! Answers remembered until an event makes them untrue.

use crate::error::Result;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

/// Prepared answers by key. What is read while something changes is given out and not kept.
pub struct Memory<K, V> {
    state: RwLock<State<K, V>>,
}

struct State<K, V> {
    /// Counts what was forgotten: an answer read before a change must not be kept after it.
    changes: u64,
    kept: HashMap<K, Arc<V>>,
}

/// More than this many answers are not kept.
const MOST: usize = 10_000;

impl<K, V> Default for Memory<K, V> {
    fn default() -> Self {
        Memory { state: RwLock::new(State { changes: 0, kept: HashMap::new() }) }
    }
}

impl<K: Eq + Hash + Clone, V> Memory<K, V> {
    /// The remembered answer, or the one `read` gives. What reads is made only when it is needed, and kept aside: most ask
    /// for what is remembered.
    pub async fn get<F: Future<Output = Result<V>>>(&self, key: &K, read: impl FnOnce() -> F) -> Result<Arc<V>> {
        let changes = {
            let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(answer) = state.kept.get(key) {
                return Ok(answer.clone());
            }
            state.changes
        };
        let answer = Arc::new(Box::pin(read()).await?);
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.changes == changes {
            if state.kept.len() >= MOST {
                state.kept.clear();
            }
            state.kept.insert(key.clone(), answer.clone());
        }
        Ok(answer)
    }

    /// Forgets one answer.
    pub fn forget(&self, key: &K) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.changes += 1;
        state.kept.remove(key);
    }

    /// Forgets every answer.
    pub fn forget_all(&self) {
        drop(self.take_all());
    }

    /// Forgets every answer, and hands them over to whoever can still use what was true.
    pub fn take_all(&self) -> HashMap<K, Arc<V>> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.changes += 1;
        std::mem::take(&mut state.kept)
    }
}
