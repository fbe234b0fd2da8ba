//! `/parts` in five pages, so that none is longer than a page may be.

use almoner_core::fault::{Fault, Outcome};
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::kit::Link;
use almoner_frame::{Language, Route, Visit, Words};

mod forms;
mod lists;
mod measures;
mod record;
mod work;

/// The pages.
pub const ROUTES: &[Route] = &[
    Route::Show { path: "/parts", may: May::UseOwnAccount, page: lists::lists },
    Route::Show { path: "/parts/work", may: May::UseOwnAccount, page: work::work },
    Route::Show { path: "/parts/forms", may: May::UseOwnAccount, page: forms::forms },
    Route::Show { path: "/parts/record", may: May::UseOwnAccount, page: record::record },
    Route::Show { path: "/parts/measures", may: May::UseOwnAccount, page: measures::measures },
];

/// What every page of the parts needs: the words of the kit, and samples in two languages.
#[derive(Clone, Copy)]
struct Say<'p> {
    words: &'p Words,
}

impl<'p> Say<'p> {
    /// The samples' own words: they are no messages of the product.
    fn s(self, english: &'p str, spanish: &'p str) -> &'p str {
        match self.words.language() {
            Language::English => english,
            Language::Spanish => spanish,
        }
    }

    fn own(self, english: &'p str, spanish: &'p str) -> String {
        self.s(english, spanish).to_owned()
    }

    /// A phrase whose whole text is the sample.
    fn phrase(self, english: &'p str, spanish: &'p str) -> Phrase {
        Phrase::new("kit-sample").with("of", self.s(english, spanish))
    }

    fn sections(self, here: &str) -> Vec<Link> {
        let link = |href: &str, label: String| Link {
            href: href.to_owned(),
            label,
            count: None,
            on: here == href,
        };
        vec![
            link("/parts", self.own("Lists and states", "Listas y estados")),
            link("/parts/work", self.own("Work", "Trabajo")),
            link("/parts/forms", self.own("Forms", "Formularios")),
            link("/parts/record", self.own("Record", "Historia")),
            link("/parts/measures", self.own("Measures", "Medidas")),
        ]
    }
}

/// The pages exist in the demonstration only.
fn demo(visit: &Visit) -> Outcome<Say<'_>> {
    if !visit.house().demo {
        return Err(Fault::Absent("page"));
    }
    Ok(Say { words: visit.words() })
}
