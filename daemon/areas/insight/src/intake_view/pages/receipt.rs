//! A receipt in words: what a file is, where it stands, what was taken from it.

use almoner_core::clinical::FactKind;
use almoner_core::export::Severity;
use almoner_core::phrase::Phrase;
use almoner_core::receipt::{Counts, Receipt, Status};
use almoner_frame::{Tone, Words};

/// A line of the facts table.
pub(super) struct FactLine {
    pub kind: String,
    pub counts: Counts,
}

/// What the file is: "Clinical document (C-CDA R2.1), discharge summary".
pub(super) fn format(words: &Words, receipt: &Receipt) -> String {
    let known = said(words, "intake-format-", &receipt.format);
    let known = known.unwrap_or_else(|| words.t("intake-format-unknown"));
    let document = said(words, "intake-document-", &receipt.document);
    let version = if receipt.version.is_empty() {
        known
    } else {
        let phrase = Phrase::new("intake-format-version");
        words.say(&phrase.with("format", known).with("version", receipt.version.as_str()))
    };
    match document {
        Some(document) => format!("{version}, {document}"),
        None => version,
    }
}

/// Where the file stands, in a word and its tone.
pub(super) fn status(words: &Words, status: Status) -> (&'static str, String) {
    let (tone, key) = match status {
        Status::Done => (Tone::Good, "intake-status-done"),
        Status::Partial => (Tone::Warn, "intake-status-partial"),
        Status::SetAside => (Tone::Bad, "intake-status-set-aside"),
        Status::Duplicate => (Tone::Plain, "intake-status-duplicate"),
        Status::Waiting => (Tone::Info, "intake-status-waiting"),
        Status::Working => (Tone::Info, "intake-status-working"),
    };
    (tone.class(), words.t(key))
}

/// How bad a problem is, in a word and its tone.
pub(super) fn severity(words: &Words, severity: Severity) -> (&'static str, String) {
    let (tone, key) = match severity {
        Severity::Error => (Tone::Bad, "intake-problem-error"),
        Severity::Warning => (Tone::Warn, "intake-problem-warning"),
        Severity::Info => (Tone::Plain, "intake-problem-info"),
    };
    (tone.class(), words.t(key))
}

/// The facts of a file, kind by kind in the receipt's order; then all together.
pub(super) fn facts(words: &Words, receipt: &Receipt) -> Vec<FactLine> {
    let named = |kind: FactKind| words.t(&format!("fact-{}", kind.key().replace('_', "-")));
    let lines = FactKind::ALL.into_iter().filter_map(|kind| {
        let counts = *receipt.facts.get(&kind)?;
        Some(FactLine { kind: named(kind), counts })
    });
    let mut lines: Vec<FactLine> = lines.collect();
    if lines.len() > 1 {
        lines.push(FactLine { kind: words.t("intake-facts-all"), counts: total(receipt) });
    }
    lines
}

/// All kinds together.
pub(super) fn total(receipt: &Receipt) -> Counts {
    receipt.facts.values().fold(Counts::default(), |sum, counts| Counts {
        new: sum.new + counts.new,
        same: sum.same + counts.same,
        none_known: sum.none_known + counts.none_known,
        negated: sum.negated + counts.negated,
        changed: sum.changed + counts.changed,
        withdrawn: sum.withdrawn + counts.withdrawn,
    })
}

/// "34 KB".
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// The message of a token of ours, if there is one for it.
fn said(words: &Words, prefix: &str, token: &str) -> Option<String> {
    let key = format!("{prefix}{}", token.to_lowercase().replace([' ', '_', '.'], "-"));
    let word = words.t(&key);
    (!token.is_empty() && word != key).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use almoner_core::time::Zone;
    use almoner_frame::Language;

    #[test]
    fn every_kind_of_fact_has_a_word() {
        for language in Language::ALL {
            let words = Words::of(language, Zone::default());
            for kind in FactKind::ALL {
                let key = format!("fact-{}", kind.key().replace('_', "-"));
                assert_ne!(words.t(&key), key);
            }
        }
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!((size(12).as_str(), size(34_567).as_str()), ("12 B", "34 KB"));
    }
}
