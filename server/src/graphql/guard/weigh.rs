//! Adds up what a parsed document unfolds to: every fragment is weighed once, after those it spreads.

use super::{
    MOST_ALIASES, MOST_DEPTH, MOST_DIRECTIVES, MOST_FRAGMENTS, MOST_OPERATIONS, MOST_SCHEMA_DEPTH, MOST_SCHEMA_LISTS,
    MOST_SELECTIONS, MOST_VARIABLES, Refusal, SIGN_IN_FIELDS,
};
use async_graphql::parser::types::{Directive, ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Positioned};
use std::collections::{HashMap, HashSet};

/// Fields of the introspection schema that answer lists of types or fields, which lead to further ones.
const SCHEMA_LISTS: [&str; 5] = ["types", "fields", "interfaces", "possibleTypes", "inputFields"];

/// What a selection set unfolds to.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    /// Fields, spreads and inline fragments.
    selections: usize,
    /// The longest path of fields.
    depth: usize,
    /// The longest path of fields below `__schema` or `__type`.
    schema_depth: usize,
    /// The most schema lists within each other.
    lists: usize,
    /// Tries at somebody's account.
    sign_ins: usize,
}

impl Weight {
    fn add(&mut self, other: Weight) {
        self.selections = self.selections.saturating_add(other.selections);
        self.sign_ins = self.sign_ins.saturating_add(other.sign_ins);
        self.depth = self.depth.max(other.depth);
        self.schema_depth = self.schema_depth.max(other.schema_depth);
        self.lists = self.lists.max(other.lists);
    }
}

type Fragments<'d> = HashMap<&'d str, Weight>;

/// Refuses a document that unfolds to more than anyone needs.
pub(super) fn weigh(document: &ExecutableDocument) -> Result<(), Refusal> {
    if document.fragments.len() > MOST_FRAGMENTS {
        return Err(Refusal::TooMuch("it has more than 64 fragments"));
    }
    if document.operations.iter().len() > MOST_OPERATIONS {
        return Err(Refusal::TooMuch("it has more than 8 operations"));
    }
    let mut names = Aliases::default();
    let mut fragments = Fragments::new();
    for name in in_order(document)? {
        let fragment = &document.fragments[name];
        few(&fragment.node.directives)?;
        let weight = weight_of(&fragment.node.selection_set.node, &fragments, &mut names)?;
        few_selections(&weight)?;
        fragments.insert(name, weight);
    }
    let mut whole = Weight::default();
    for (_, operation) in document.operations.iter() {
        few(&operation.node.directives)?;
        if operation.node.variable_definitions.len() > MOST_VARIABLES {
            return Err(Refusal::TooMuch("it has more than 64 variables"));
        }
        for variable in &operation.node.variable_definitions {
            few(&variable.node.directives)?;
        }
        whole.add(weight_of(&operation.node.selection_set.node, &fragments, &mut names)?);
    }
    few_selections(&whole)?;
    // How deep a fragment is matters where it is spread: below `__schema` more is fine than elsewhere.
    if whole.depth > MOST_DEPTH || whole.schema_depth > MOST_SCHEMA_DEPTH {
        return Err(Refusal::TooMuch("it asks too deeply"));
    }
    if whole.sign_ins > 1 {
        return Err(Refusal::TooMuch("it signs in more than once"));
    }
    Ok(())
}

/// The fields a set asks for, those of its fragments with it.
pub(super) fn roots(set: &SelectionSet, document: &ExecutableDocument) -> Vec<Name> {
    let of = |selection: &Selection| match selection {
        Selection::Field(field) => vec![field.node.name.node.clone()],
        Selection::InlineFragment(inline) => roots(&inline.node.selection_set.node, document),
        Selection::FragmentSpread(spread) => document
            .fragments
            .get(&spread.node.fragment_name.node)
            .map_or_else(Vec::new, |fragment| roots(&fragment.node.selection_set.node, document)),
    };
    set.items.iter().flat_map(|item| of(&item.node)).collect()
}

fn few_selections(weight: &Weight) -> Result<(), Refusal> {
    if weight.selections > MOST_SELECTIONS {
        return Err(Refusal::TooMuch("it unfolds to more than 2000 fields"));
    }
    Ok(())
}

/// The fragments, each after those it spreads. A circle has no such order.
fn in_order(document: &ExecutableDocument) -> Result<Vec<&str>, Refusal> {
    let mut waiting: Vec<(&str, HashSet<&str>)> = document
        .fragments
        .iter()
        .map(|(name, fragment)| {
            let mut spreads = HashSet::new();
            collect_spreads(&fragment.node.selection_set.node, &mut spreads);
            spreads.retain(|spread| document.fragments.contains_key(*spread));
            (name.as_str(), spreads)
        })
        .collect();
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let (ready, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(_, spreads)| spreads.is_empty());
        if ready.is_empty() {
            return Err(Refusal::TooMuch("its fragments go round in a circle"));
        }
        waiting = later;
        for (name, _) in ready {
            ordered.push(name);
            for (_, spreads) in &mut waiting {
                spreads.remove(name);
            }
        }
    }
    Ok(ordered)
}

fn collect_spreads<'d>(set: &'d SelectionSet, into: &mut HashSet<&'d str>) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => collect_spreads(&field.node.selection_set.node, into),
            Selection::InlineFragment(inline) => collect_spreads(&inline.node.selection_set.node, into),
            Selection::FragmentSpread(spread) => {
                into.insert(spread.node.fragment_name.node.as_str());
            }
        }
    }
}

fn weight_of<'d>(set: &'d SelectionSet, known: &Fragments<'d>, names: &mut Aliases<'d>) -> Result<Weight, Refusal> {
    let mut whole = Weight::default();
    for item in &set.items {
        few(item.node.directives())?;
        let mut weight = match &item.node {
            Selection::Field(field) => weight_of_field(&field.node, known, names)?,
            Selection::InlineFragment(inline) => weight_of(&inline.node.selection_set.node, known, names)?,
            // An unknown fragment is for validation to name.
            Selection::FragmentSpread(spread) => {
                known.get(spread.node.fragment_name.node.as_str()).copied().unwrap_or_default()
            }
        };
        weight.selections = weight.selections.saturating_add(1);
        whole.add(weight);
    }
    Ok(whole)
}

fn weight_of_field<'d>(field: &'d Field, known: &Fragments<'d>, names: &mut Aliases<'d>) -> Result<Weight, Refusal> {
    names.note(field)?;
    let name = field.name.node.as_str();
    let mut weight = weight_of(&field.selection_set.node, known, names)?;
    weight.lists += usize::from(SCHEMA_LISTS.contains(&name));
    weight.sign_ins = weight.sign_ins.saturating_add(usize::from(SIGN_IN_FIELDS.contains(&name)));
    if matches!(name, "__schema" | "__type") {
        if weight.lists > MOST_SCHEMA_LISTS {
            return Err(Refusal::TooMuch("it asks too deeply"));
        }
        weight.schema_depth = weight.schema_depth.max(weight.depth + 1);
        weight.depth = 1;
    } else {
        weight.depth += 1;
    }
    Ok(weight)
}

/// The names each field was given.
#[derive(Default)]
struct Aliases<'d>(HashMap<&'d str, HashSet<&'d str>>);

impl<'d> Aliases<'d> {
    fn note(&mut self, field: &'d Field) -> Result<(), Refusal> {
        let Some(alias) = &field.alias else { return Ok(()) };
        let aliases = self.0.entry(field.name.node.as_str()).or_default();
        aliases.insert(alias.node.as_str());
        if aliases.len() > MOST_ALIASES {
            return Err(Refusal::TooMuch("it gives one field more than 15 names"));
        }
        Ok(())
    }
}

fn few(directives: &[Positioned<Directive>]) -> Result<(), Refusal> {
    if directives.len() > MOST_DIRECTIVES {
        return Err(Refusal::TooMuch("it has more than 4 directives in one place"));
    }
    Ok(())
}
