//! The lines of an eligibility answer (loop 2110, segments EB and what follows each): which plans it
//! tells apart, whether they are active, and what it says of single benefits.

use super::codes::{self, CODES};
use super::eligibility::dates;
use super::names;
use super::segment::Segment;
use almoner_core::clinical::{Benefit, Concept, Period, Quantity, When, system, x12};

/// The service type of the plan as a whole.
const WHOLE_PLAN: &str = "30";

/// One line of benefits with the segments that belong to it.
pub(super) struct Row<'s, 't> {
    eb: Segment<'t>,
    rest: &'s [Segment<'t>],
}

/// A plan that the answer tells apart from others.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// `None` where the lines do not say, or contradict each other.
    pub(super) active: Option<bool>,
    pub(super) insurance: Option<Concept>,
    pub(super) name: String,
    pub(super) group: String,
    pub(super) period: Period,
    insurance_code: String,
    /// A line spoke of the plan as a whole.
    whole: bool,
    contradicted: bool,
}

/// Parts the segments of a member into those of the person and the lines of benefits.
pub(super) fn split<'s, 't>(segments: &'s [Segment<'t>]) -> (&'s [Segment<'t>], Vec<Row<'s, 't>>) {
    let starts: Vec<usize> =
        segments.iter().enumerate().filter(|(_, one)| one.id() == "EB").map(|(at, _)| at).collect();
    let first = starts.first().copied().unwrap_or(segments.len());
    let head = segments.get(..first).unwrap_or_default();
    let rows = starts.iter().enumerate().filter_map(|(n, start)| {
        let end = starts.get(n + 1).copied().unwrap_or(segments.len());
        let (eb, rest) = segments.get(*start..end)?.split_first()?;
        Some(Row { eb: *eb, rest })
    });
    (head, rows.collect())
}

/// The plans that the lines tell apart, by insurance type and the plan's name, with whether each is
/// active on the day of the answer.
pub(super) fn plans(rows: &[Row<'_, '_>], at: Option<&When>) -> Vec<Plan> {
    let mut plans: Vec<Plan> = Vec::new();
    for row in rows {
        let Some(active) = row.status() else { continue };
        let known = plans.iter().position(|plan| row.fits(plan));
        let index = known.unwrap_or_else(|| {
            plans.push(Plan::default());
            plans.len() - 1
        });
        if let Some(plan) = plans.get_mut(index) {
            plan.take(row, active, at);
        }
    }
    plans
}

/// The plan to which a line belongs: the one that it names, else the first.
pub(super) fn owner(plans: &[Plan], row: &Row<'_, '_>) -> usize {
    let (insurance, name) = (row.eb.element(4), row.eb.element(5));
    let named = |plan: &Plan| {
        (!insurance.is_empty() && plan.insurance_code == insurance)
            || (!name.is_empty() && plan.name == name)
    };
    plans.iter().position(named).unwrap_or(0)
}

impl Plan {
    fn take(&mut self, row: &Row<'_, '_>, active: bool, at: Option<&When>) {
        let period = row.period();
        let whole = row.is_of_whole_plan();
        let over = !active && is_over(&period, at);
        if !over {
            self.judge(active, whole);
        }
        let (insurance, name) = (row.eb.element(4), row.eb.element(5));
        if self.insurance_code.is_empty() && !insurance.is_empty() {
            insurance.clone_into(&mut self.insurance_code);
            self.insurance = codes::concept(&CODES.insurance, x12::INSURANCE, insurance);
        }
        if self.name.is_empty() {
            name.clone_into(&mut self.name);
        }
        if whole && !over && self.period.start.is_none() && self.period.end.is_none() {
            self.period = period;
        }
        let group = row.rest.iter().find(|one| {
            one.id() == "REF" && matches!(one.element(1), "6P" | "1L") && !one.element(2).is_empty()
        });
        if let (Some(group), true) = (group, self.group.is_empty()) {
            group.element(2).clone_into(&mut self.group);
        }
    }

    /// A line on the whole plan outweighs lines on single services; two that contradict each other
    /// say nothing.
    fn judge(&mut self, active: bool, whole: bool) {
        match (self.whole, whole) {
            (false, true) => (self.active, self.whole) = (Some(active), true),
            (true, true) if self.contradicted || self.active != Some(active) => {
                (self.active, self.contradicted) = (None, true);
            }
            // Active for one service is active; inactive for one says nothing of the others.
            (false, false) if active => self.active = Some(true),
            _ => {}
        }
    }
}

/// Whether a time was over when the answer was made.
fn is_over(period: &Period, at: Option<&When>) -> bool {
    let (Some(end), Some(at)) = (period.end.as_ref(), at) else { return false };
    end.date().zip(at.date()).is_some_and(|(end, at)| end < at)
}

impl Row<'_, '_> {
    /// Active or inactive, where the line says so (EB01).
    fn status(&self) -> Option<bool> {
        match self.eb.element(1) {
            "1" | "2" | "3" | "4" | "5" => Some(true),
            "6" | "7" | "8" => Some(false),
            _ => None,
        }
    }

    fn is_of_whole_plan(&self) -> bool {
        let mut services = self.eb.repeats(3).peekable();
        let procedure = !self.eb.element(13).is_empty();
        (services.peek().is_none() && !procedure) || services.any(|code| code == WHOLE_PLAN)
    }

    fn fits(&self, plan: &Plan) -> bool {
        let same = |mine: &str, its: &str| mine.is_empty() || its.is_empty() || mine == its;
        same(self.eb.element(4), &plan.insurance_code) && same(self.eb.element(5), &plan.name)
    }

    fn period(&self) -> Period {
        let mut period = Period::default();
        for dtp in self.own().filter(|one| one.id() == "DTP") {
            let (start, end) = dtp.period(2, 3);
            match dtp.element(1) {
                "292" | "193" | "290" | "472" | "435" | "636" if period.start.is_none() => {
                    period.start = start;
                    period.end = period.end.take().or(end);
                }
                "194" => period.end = start,
                _ => dates(dtp, &mut period),
            }
        }
        period
    }

    /// The segments of the line itself, not of those named with it (loop 2120).
    fn own(&self) -> impl Iterator<Item = &Segment<'_>> {
        self.rest.iter().take_while(|one| !matches!(one.id(), "LS" | "NM1"))
    }

    /// What the line says.
    pub(super) fn benefit(&self) -> Benefit {
        let eb = &self.eb;
        let yes = |number: usize| match eb.element(number) {
            "Y" => Some(true),
            "N" => Some(false),
            _ => None,
        };
        let mut services: Vec<Concept> = eb
            .repeats(3)
            .filter_map(|code| codes::concept(&CODES.service, x12::SERVICE_TYPE, code))
            .collect();
        services.extend(procedure(&eb.components(13)));
        Benefit {
            kind: codes::concept(&CODES.benefit, x12::BENEFIT, eb.element(1)).unwrap_or_default(),
            services,
            level: eb.element(2).to_owned(),
            insurance: codes::concept(&CODES.insurance, x12::INSURANCE, eb.element(4)),
            plan: eb.element(5).to_owned(),
            per: codes::concept(&CODES.period, x12::TIME_PERIOD, eb.element(6)),
            amount: eb.element(7).to_owned(),
            percent: eb.element(8).to_owned(),
            quantity: quantity(eb.element(9), eb.element(10)),
            authorization: yes(11),
            in_network: yes(12),
            period: self.period(),
            note: self.notes().join(". "),
        }
    }

    /// What stands with the line in words, names and numbers.
    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for one in self.rest {
            let words = match one.id() {
                "MSG" => one.element(1).to_owned(),
                "HSD" => delivery(one),
                "REF" => {
                    let parts = [one.element(2), one.element(3)];
                    parts.into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
                }
                "NM1" => {
                    let number = one.element(9);
                    format!("{} {number}", names::words(one)).trim().to_owned()
                }
                "PER" => names::telecoms(one)
                    .into_iter()
                    .map(|it| it.value)
                    .collect::<Vec<_>>()
                    .join(", "),
                "III" if one.element(1) == "ZZ" => format!("place of service {}", one.element(2)),
                "III" => one.element(4).to_owned(),
                _ => String::new(),
            };
            if !words.is_empty() {
                notes.push(words);
            }
        }
        notes
    }
}

/// A number with what it counts.
pub(super) fn quantity(of: &str, value: &str) -> Option<Quantity> {
    let unit = codes::words(&CODES.quantity, of).to_owned();
    let known = !value.is_empty();
    known.then(|| Quantity { value: value.to_owned(), unit, comparator: String::new() })
}

/// How much is given how often (HSD), in words: `12 visits, per 3 month`.
pub(super) fn delivery(hsd: &Segment<'_>) -> String {
    let mut words = Vec::new();
    if let Some(amount) = quantity(hsd.element(1), hsd.element(2)) {
        words.push(format!("{} {}", amount.value, amount.unit).trim().to_owned());
    }
    let per = codes::words(&CODES.quantity, hsd.element(3));
    if !per.is_empty() {
        words.push(format!("{} per {per}", hsd.element(4)).trim().to_owned());
    }
    let span = codes::words(&CODES.period, hsd.element(5));
    if !span.is_empty() {
        words.push(format!("for {} {span}", hsd.element(6)).replace("  ", " "));
    }
    words.join(", ")
}

/// A procedure with its code list: `HC:99213` is of HCPCS or CPT.
pub(super) fn procedure(parts: &[&str]) -> Option<Concept> {
    let (list, code) = (parts.first()?, parts.get(1)?);
    if code.is_empty() {
        return None;
    }
    let digits = code.bytes().all(|sign| sign.is_ascii_digit());
    let system = match *list {
        "HC" | "CJ" if digits => system::CPT,
        "HC" => "http://terminology.hl7.org/CodeSystem/HCPCS-all-codes",
        "AD" => "http://www.ada.org/cdt",
        "N4" => system::NDC,
        "NU" => "https://www.nubc.org/CodeSystem/RevenueCodes",
        other => other,
    };
    Some(Concept::coded(system, code, ""))
}
