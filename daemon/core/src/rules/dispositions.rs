//! Where a patient went at discharge, in the few ways that matter afterwards.

use crate::clinical::Concept;
use crate::text::fold;
use serde::{Deserialize, Serialize};

/// What a discharge leads to (HL7 v2 table 0112, UB-04 patient status, grouped).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    Home,
    HomeHealth,
    /// Left against advice: home, at high risk.
    AgainstAdvice,
    Custody,
    /// To another hospital.
    Transfer,
    /// Nursing facility, rehabilitation, long-term care: not home.
    Facility,
    Hospice,
    Deceased,
    /// Still a patient.
    Open,
    /// Not said, or in words that are not known: treated as home until somebody knows better.
    #[default]
    Unknown,
}

/// The codes and words of dispositions.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Dispositions {
    #[serde(rename = "disposition")]
    list: Vec<Meaning>,
}

#[derive(Clone, Debug, Deserialize)]
struct Meaning {
    bucket: Bucket,
    codes: Vec<String>,
    words: Vec<String>,
}

impl Bucket {
    /// Its name in message keys and files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::HomeHealth => "home-health",
            Self::AgainstAdvice => "against-advice",
            Self::Custody => "custody",
            Self::Transfer => "transfer",
            Self::Facility => "facility",
            Self::Hospice => "hospice",
            Self::Deceased => "deceased",
            Self::Open => "open",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the clocks of follow-up run.
    pub fn is_home(self) -> bool {
        matches!(
            self,
            Self::Home | Self::HomeHealth | Self::AgainstAdvice | Self::Custody | Self::Unknown
        )
    }
}

impl Dispositions {
    /// What a disposition means: by its codes first, then by its words.
    pub fn bucket(&self, disposition: Option<&Concept>) -> Bucket {
        let Some(disposition) = disposition else { return Bucket::Unknown };
        let codes = || disposition.codings.iter().map(|coding| coding.code.trim());
        let by_code = codes().find_map(|code| self.coded(code));
        let displays = disposition.codings.iter().filter_map(|coding| coding.display.as_deref());
        let mut texts = disposition.text.as_deref().into_iter().chain(displays).chain(codes());
        by_code.or_else(|| texts.find_map(|text| self.said(text))).unwrap_or_default()
    }

    /// The number before the blanks of a `01` that came as `1`, and the FHIR codes as they are.
    fn coded(&self, code: &str) -> Option<Bucket> {
        let code = if code.len() == 1 { format!("0{code}") } else { code.to_lowercase() };
        self.list.iter().find(|meaning| meaning.codes.contains(&code)).map(|meaning| meaning.bucket)
    }

    fn said(&self, text: &str) -> Option<Bucket> {
        let text = format!(" {} ", fold(text));
        let tells = |meaning: &&Meaning| {
            meaning.words.iter().any(|words| text.contains(&format!(" {words} ")))
        };
        self.list.iter().find(tells).map(|meaning| meaning.bucket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rules;

    #[test]
    fn codes_and_words_tell_the_bucket() {
        let rules = Rules::default();
        let v2 = "http://terminology.hl7.org/CodeSystem/v2-0112";
        let of = |concept: &Concept| rules.dispositions().bucket(Some(concept));
        for (code, bucket) in [
            ("01", Bucket::Home),
            ("1", Bucket::Home),
            ("03", Bucket::Facility),
            ("06", Bucket::HomeHealth),
            ("07", Bucket::AgainstAdvice),
            ("20", Bucket::Deceased),
            ("41", Bucket::Deceased),
            ("50", Bucket::Hospice),
            ("62", Bucket::Facility),
            ("65", Bucket::Transfer),
            ("30", Bucket::Open),
            ("99", Bucket::Unknown),
            ("snf", Bucket::Facility),
        ] {
            assert_eq!(of(&Concept::coded(v2, code, "")), bucket, "{code}");
        }
        for (words, bucket) in [
            ("Home or Self Care", Bucket::Home),
            ("HOME WITH HOME HEALTH", Bucket::HomeHealth),
            ("Tidewater Skilled Nursing", Bucket::Facility),
            ("Hospice - home", Bucket::Hospice),
            ("AMA", Bucket::AgainstAdvice),
            ("Expired", Bucket::Deceased),
            ("Transfer to another hospital", Bucket::Transfer),
            ("Casa", Bucket::Home),
            ("somewhere", Bucket::Unknown),
        ] {
            assert_eq!(of(&Concept::text(words)), bucket, "{words}");
        }
        assert_eq!(rules.dispositions().bucket(None), Bucket::Unknown);
    }
}
