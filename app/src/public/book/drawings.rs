//! The drawings of the picker, as they stand inside its markup.

/// An arrow to the month before.
pub(super) const EARLIER: &str = "<svg viewBox=\"0 0 20 20\" fill=\"none\" stroke=\"currentColor\" \
    stroke-width=\"1.5\" stroke-linecap=\"round\" \
    stroke-linejoin=\"round\" aria-hidden=\"true\"><path d=\"M12.5 4.5 7 10l5.5 5.5\"/></svg>";

/// An arrow to the month after.
pub(super) const LATER: &str = "<svg viewBox=\"0 0 20 20\" fill=\"none\" stroke=\"currentColor\" \
    stroke-width=\"1.5\" stroke-linecap=\"round\" \
    stroke-linejoin=\"round\" aria-hidden=\"true\"><path d=\"M7.5 4.5 13 10l-5.5 5.5\"/></svg>";

/// A small door, for a month without times.
pub(super) const SMALL_DOOR: &str = "<svg class=\"art\" viewBox=\"0 0 88 108\" aria-hidden=\"true\">\
    <path class=\"wall\" d=\"M2 108V44a42 42 0 0 1 84 0v64z\"/>\
    <path class=\"light\" d=\"M22 108V50a22 22 0 0 1 44 0v58z\"/>\
    <path class=\"line\" d=\"M2 108V44a42 42 0 0 1 84 0v64M22 108V50a22 22 0 0 1 44 0v58\"/></svg>";
