//! Markup in the document: drawn, taken over from the server, and changed where it differs.

use super::{Child, Markup, Text};
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::renderer::{CastFrom, Rndr};
use leptos::tachys::view::Mountable;

/// An element in the document, and what it was drawn from.
pub struct Drawn {
    element: Element,
    tag: &'static str,
    attributes: Vec<(&'static str, Text)>,
    children: Vec<DrawnChild>,
}

enum DrawnChild {
    Element(Drawn),
    Text(Node, Text),
}

impl Drawn {
    /// The element.
    pub(super) fn node(&self) -> Node {
        self.element.clone().into()
    }
}

impl DrawnChild {
    fn node(&self) -> &Node {
        match self {
            DrawnChild::Element(drawn) => &drawn.element,
            DrawnChild::Text(node, _) => node,
        }
    }
}

/// Draws an element that is not in the document yet.
pub(super) fn draw(markup: Markup) -> Drawn {
    let Markup { tag, attributes, children, drawing } = markup;
    let element = Rndr::create_element(tag, None);
    for (name, value) in &attributes {
        Rndr::set_attribute(&element, name, value);
    }
    if !drawing.is_empty() {
        Rndr::set_inner_html(&element, drawing);
    }
    let children: Vec<DrawnChild> = children.into_iter().map(draw_child).collect();
    for child in &children {
        Rndr::insert_node(&element, child.node(), None);
    }
    Drawn { element, tag, attributes, children }
}

fn draw_child(child: Child) -> DrawnChild {
    match child {
        Child::Element(markup) => DrawnChild::Element(draw(markup)),
        Child::Text(words) => DrawnChild::Text(Rndr::create_text_node(&words).into(), words),
    }
}

/// Takes over what the server drew from the same markup.
pub(super) fn take_over(node: Node, markup: Markup) -> Drawn {
    let Some(element) = Element::cast_from(node.clone()) else {
        // Something between us and the browser has changed the page.
        let drawn = draw(markup);
        swap(&node, &drawn.node());
        return drawn;
    };
    let Markup { tag, attributes, children, drawing } = markup;
    let mut next = if drawing.is_empty() { Rndr::first_child(&element) } else { None };
    let mut taken = Vec::with_capacity(children.len());
    for child in children {
        let here = next.take();
        next = here.as_ref().and_then(Rndr::next_sibling);
        taken.push(match (here, child) {
            (Some(node), Child::Element(markup)) => DrawnChild::Element(take_over(node, markup)),
            (Some(node), Child::Text(words)) => DrawnChild::Text(node, words),
            (None, child) => {
                let child = draw_child(child);
                Rndr::insert_node(&element, child.node(), None);
                child
            }
        });
    }
    Drawn { element, tag, attributes, children: taken }
}

/// Changes an element to what it should be now.
pub(super) fn redraw(drawn: &mut Drawn, markup: Markup) {
    if drawn.tag != markup.tag {
        let new = draw(markup);
        swap(&drawn.node(), &new.node());
        *drawn = new;
        return;
    }
    redraw_attributes(drawn, markup.attributes);
    let mut new = markup.children.into_iter();
    let mut kept = 0;
    for child in &mut drawn.children {
        let Some(wanted) = new.next() else { break };
        redraw_child(child, wanted);
        kept += 1;
    }
    for child in drawn.children.drain(kept..) {
        Rndr::remove(child.node());
    }
    for child in new {
        let child = draw_child(child);
        Rndr::insert_node(&drawn.element, child.node(), None);
        drawn.children.push(child);
    }
}

fn redraw_child(child: &mut DrawnChild, wanted: Child) {
    match (child, wanted) {
        (DrawnChild::Element(drawn), Child::Element(markup)) => redraw(drawn, markup),
        (DrawnChild::Text(node, words), Child::Text(wanted)) => {
            if *words != wanted {
                node.set_text_content(Some(&wanted));
                *words = wanted;
            }
        }
        (child, wanted) => {
            let new = draw_child(wanted);
            swap(child.node(), new.node());
            *child = new;
        }
    }
}

fn redraw_attributes(drawn: &mut Drawn, wanted: Vec<(&'static str, Text)>) {
    for (name, _) in &drawn.attributes {
        if !wanted.iter().any(|(other, _)| other == name) {
            Rndr::remove_attribute(&drawn.element, name);
            choose(&drawn.element, name, false);
        }
    }
    for pair in &wanted {
        if !drawn.attributes.contains(pair) {
            Rndr::set_attribute(&drawn.element, pair.0, &pair.1);
            choose(&drawn.element, pair.0, true);
        }
    }
    drawn.attributes = wanted;
}

/// What a visitor chose by hand no longer follows these attributes, so they are set as properties too.
fn choose(element: &Element, name: &str, is_chosen: bool) {
    if matches!(name, "checked" | "selected") {
        Rndr::set_property(element, name, &is_chosen.into());
    }
}

fn swap(old: &Node, new: &Node) {
    if let Some(parent) = Rndr::get_parent(old).and_then(Element::cast_from) {
        Rndr::insert_node(&parent, new, Some(old));
    }
    Rndr::remove(old);
}

impl Mountable for Drawn {
    fn unmount(&mut self) {
        Rndr::remove(&self.element);
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        Rndr::insert_node(parent, &self.element, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let parent = Rndr::get_parent(&self.element).and_then(Element::cast_from);
        if let Some(parent) = &parent {
            child.mount(parent, Some(&self.element));
        }
        parent.is_some()
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.element.clone()]
    }
}
