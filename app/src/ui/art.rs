//! Drawings, inline and coloured by class.

use leptos::prelude::*;

/// The mark: a doorway.
pub fn mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 28 36" aria-hidden="true"><path d="M2 35V14a12 12 0 0 1 24 0v21" fill="none" stroke="currentColor" stroke-width="2"/><path d="M10 35V19.5a6.5 6.5 0 0 1 13 0V35z" fill="currentColor"/></svg>
    }
}

/// A doorway with a room behind it, for the home page.
pub fn doorway() -> impl IntoView {
    view! {
        <svg class="arch art" viewBox="0 0 400 500" aria-hidden="true"><path class="wall" d="M10 500V200a190 190 0 0 1 380 0v300z"/><path class="room" d="M50 500V206a150 150 0 0 1 300 0v294z"/><path class="light" d="M176 418V262a62 62 0 0 1 124 0v156l-18 82H92z"/><path class="line" d="M176 418V262a62 62 0 0 1 124 0v156M50 418h126M300 418h50"/><path class="deep" d="M300 418V262a62 62 0 0 0-18-44v228z"/><path class="line" d="M282 218v228l18-28M289 338v8"/><path class="line" d="M10 500V200a190 190 0 0 1 380 0v300M50 500V206a150 150 0 0 1 300 0v294"/><g transform="translate(70 384)"><path class="deep" d="M14 74V22A16 16 0 0 1 30 6h24a16 16 0 0 1 16 16v52z"/><path class="deep" d="M2 92V56a10 10 0 0 1 20 0v14h40V56a10 10 0 0 1 20 0v36z"/><path class="line" d="M14 46V22A16 16 0 0 1 30 6h24a16 16 0 0 1 16 16v24M2 92V56a10 10 0 0 1 20 0v14h40V56a10 10 0 0 1 20 0v36zM22 70v22M62 70v22M10 92v8M74 92v8"/></g><g transform="translate(244 398)"><path class="wall" d="M14 74V22A16 16 0 0 1 30 6h24a16 16 0 0 1 16 16v52z"/><path class="wall" d="M2 92V56a10 10 0 0 1 20 0v14h40V56a10 10 0 0 1 20 0v36z"/><path class="line" d="M14 46V22A16 16 0 0 1 30 6h24a16 16 0 0 1 16 16v24M2 92V56a10 10 0 0 1 20 0v14h40V56a10 10 0 0 1 20 0v36zM22 70v22M62 70v22M10 92v8M74 92v8"/></g></svg>
    }
}

/// An open door, for confirmations and signing in.
pub fn open_door() -> impl IntoView {
    view! {
        <svg class="arch art" viewBox="0 0 280 320" aria-hidden="true"><path class="wall" d="M20 320V140a120 120 0 0 1 240 0v180z"/><path class="light" d="M52 320V142a88 88 0 0 1 176 0v178z"/><path class="deep" d="M52 320V142a88 88 0 0 1 62-84v230z"/><path class="line" d="M20 320V140a120 120 0 0 1 240 0v180M52 320V142a88 88 0 0 1 176 0v178M114 58v230l-62 32M103 184v10"/></svg>
    }
}

/// A closed door, for pages that are not there.
pub fn closed_door() -> impl IntoView {
    view! {
        <svg class="arch art" viewBox="0 0 280 320" aria-hidden="true"><path class="wall" d="M20 320V140a120 120 0 0 1 240 0v180z"/><path class="room" d="M52 320V142a88 88 0 0 1 176 0v178z"/><path class="line" d="M20 320V140a120 120 0 0 1 240 0v180M52 320V142a88 88 0 0 1 176 0v178M140 54v266M128 196v12M152 196v12"/></svg>
    }
}

/// A small door, for empty states.
pub fn small_door() -> impl IntoView {
    view! {
        <svg class="art" viewBox="0 0 88 108" aria-hidden="true"><path class="wall" d="M2 108V44a42 42 0 0 1 84 0v64z"/><path class="light" d="M22 108V50a22 22 0 0 1 44 0v58z"/><path class="line" d="M2 108V44a42 42 0 0 1 84 0v64M22 108V50a22 22 0 0 1 44 0v58"/></svg>
    }
}

/// The icon “prev”.
pub fn icon_prev() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M12.5 4.5 7 10l5.5 5.5"/></svg>
    }
}

/// The icon “next”.
pub fn icon_next() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M7.5 4.5 13 10l-5.5 5.5"/></svg>
    }
}

/// The icon “today”.
pub fn icon_today() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M5 17.5V9a5 5 0 0 1 10 0v8.5M2 17.5h16M10 17.5v-6"/></svg>
    }
}

/// The icon “week”.
pub fn icon_week() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M3 4.5h14v12H3zM3 8.5h14M7.7 8.5v8M12.3 8.5v8"/></svg>
    }
}

/// The icon “sessions”.
pub fn icon_sessions() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M3.5 5h.01M3.5 10h.01M3.5 15h.01M7 5h9.5M7 10h9.5M7 15h9.5"/></svg>
    }
}

/// The icon “clients”.
pub fn icon_clients() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6M4 17v-.5a6 6 0 0 1 12 0v.5"/></svg>
    }
}

/// The icon “messages”.
pub fn icon_messages() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M3 4.5h14v9.5H9l-4 3v-3H3z"/></svg>
    }
}

/// The icon “standing places”.
pub fn icon_places() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M4 9a6 6 0 0 1 11-2.5M16 3v3.5h-3.5M16 11a6 6 0 0 1-11 2.5M4 17v-3.5h3.5"/></svg>
    }
}

/// The icon “hours”.
pub fn icon_hours() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14M10 6v4l2.5 2"/></svg>
    }
}

/// The icon “money”.
pub fn icon_money() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M13 6a3 3 0 0 0-5.5 1.7c0 2 .8 3 .8 4.8 0 1.5-.8 2.5-1.8 3h6.5M5.5 11h6"/></svg>
    }
}

/// The icon “settings”.
pub fn icon_settings() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4"/></svg>
    }
}

/// The icon “requests”.
pub fn icon_requests() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M3 4.5h14v9H8.5L5 16.5v-3H3zM7 9h6"/></svg>
    }
}

/// The icon “waitlist”.
pub fn icon_waitlist() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M5 2.5h10M5 17.5h10M6.5 2.5c0 4 7 4.5 7 7.5s-7 3.5-7 7.5M13.5 2.5c0 4-7 4.5-7 7.5s7 3.5 7 7.5"/></svg>
    }
}

/// The icon “reminders”.
pub fn icon_reminders() -> impl IntoView {
    view! {
        <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M4.5 14.5h11c-1.3-1.3-1.5-2.7-1.5-5a4 4 0 0 0-8 0c0 2.3-.2 3.7-1.5 5zM8.5 17a1.6 1.6 0 0 0 3 0"/></svg>
    }
}
