//! THE list: every area of Almoner, in the order in which they stand (a wing knows only those
//! before it). Routes, navigation, kinds of record, permissions, intake, FHIR and reactions are
//! loops over it.

use almoner_frame::Area;
use std::sync::LazyLock;

/// Every area.
pub fn areas() -> &'static [&'static Area] {
    static AREAS: LazyLock<Vec<&'static Area>> = LazyLock::new(|| {
        let wings: [&'static [&'static Area]; 5] = [
            almoner_people::AREAS,
            almoner_chart::AREAS,
            almoner_care::AREAS,
            almoner_access::AREAS,
            almoner_insight::AREAS,
        ];
        wings.into_iter().flatten().copied().collect()
    });
    &AREAS
}
