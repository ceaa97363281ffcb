//! The first view is being prepared.

use kassa_core::text::Text;

use super::Regions;

pub(super) fn regions() -> Regions {
    Regions { status: Some(Text::Loading), ..Regions::empty("loading") }
}
