//! The parts as they are drawn: states, words for ears, nothing inline.

use super::*;
use crate::language::Language;
use crate::page::Trust;
use askama::Template;

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% import "kit/parts.html" as kit %}{% import "kit/form.html" as form %}{% import "kit/work.html" as work %}
{% call kit::head("Parts", eyebrow = "For developers") %}{{ kit::btn("/x", "Go", "pri", icon = "phone", about = self.name()) }}{% endcall %}
{{ kit::notice("bad", "Not saved") }}{{ kit::notice("good", name) }}{{ kit::tag(tone.class(), "late", icon = "clock") }}
{% call kit::panel("one", "Tasks", note = "3 open", href = "/t", more = "All") %}<dl class="kv">{{ kit::kv("Phone", "", unknown = "not recorded") }}{{ kit::kv("Name", name) }}</dl>{% endcall %}
{{ kit::empty("No tasks") }}{{ kit::views("Lists", links) }}{{ kit::chips("Filters", links) }}{{ kit::pager(pager) }}
{{ kit::clock(clock) }}{{ kit::stepper("Cardiology", "", "sent Nov 16", steps) }}
<ol class="tl">{{ kit::day("Today") }}{{ kit::event("8:51 am", "", "msg", "Message", detail = name, by = "R. Delgado", struck = true) }}</ol>
{{ form::errsum(problems) }}{{ form::field("when", "When?", name, problems.on("when"), hint = "today, nov 18") }}
{{ form::field("next", "Next", "fri", echo = "Friday", optional = true) }}{{ form::area("note", "Note", name) }}
{{ form::select("who", "Who", choices) }}{{ form::cards("radio", "out", "How?", choices, problems.on("out")) }}{{ form::submit("Save", back = "/p") }}{{ form::hidden("v", "3") }}"#
)]
struct Parts<'p> {
    words: &'p Words,
    name: String,
    tone: Tone,
    links: Vec<Link>,
    pager: Pager,
    clock: Clock,
    steps: Vec<Step>,
    problems: Problems,
    choices: Vec<Choice>,
}

impl Parts<'_> {
    fn name(&self) -> &str {
        &self.name
    }
}

fn parts(words: &Words) -> String {
    let link = Link { href: "?v=1".into(), label: "Mine".into(), count: Some(3), on: true };
    let choice = |value: &str, on| Choice { value: value.into(), label: value.into(), on };
    let step = |state| Step { label: "Sent".into(), state };
    let page = Parts {
        words,
        name: "Ana <b>".into(),
        tone: Tone::Bad,
        links: vec![link],
        pager: Pager::new(2, 50, 213, |page| format!("?page={page}")),
        clock: Clock {
            href: "/t".into(),
            label: "M. Okafor".into(),
            left: "2 days late".into(),
            tone: Tone::Bad,
            share: 100,
            rule: "Call".into(),
        },
        steps: vec![step(StepState::Done), step(StepState::At), step(StepState::ToCome)],
        problems: Problems(vec![("when", "Enter the date".into()), ("", "Look again".into())]),
        choices: vec![choice("a", true), choice("b", false)],
    };
    Trust::of(&page).unwrap().as_str().to_owned()
}

#[test]
fn parts_draw_their_states() {
    let words = Words::of(Language::English, Zone::default());
    let html = parts(&words);
    for (count, piece) in [
        (1, "<a href=\"#when\">Enter the date</a>"),
        (1, "<li>Look again</li>"),
        (1, "aria-describedby=\"when-hint when-err \" aria-invalid=\"true\""),
        (1, "<a class=\"btn pri\" href=\"/x\">"),
        (1, "<span class=\"vh\">: Ana &#60;b&#62;</span>"),
        (1, "51 to 100 of 213"),
        (1, "<span class=\"muted\">not recorded</span>"),
        (1, "role=\"alert\"><svg class=\"i\""),
        (1, "<li class=\"at\" aria-current=\"step\">Sent<span class=\"vh\"> (now)</span></li>"),
        (1, "<span class=\"muted\">(optional)</span>"),
        (1, "value=\"a\" checked>"),
        (1, "<option value=\"a\" selected>"),
    ] {
        assert_eq!(html.matches(piece).count(), count, "{piece}\n{html}");
    }
    assert!(!html.contains("style=") && !html.contains("<b>>") && !html.contains("{{"));
}

#[test]
fn a_pager_stays_within_its_list() {
    let pager = Pager::new(9, 50, 120, |page| page.to_string());
    assert_eq!((pager.from, pager.to, pager.skip()), (101, 120, 100));
    assert!(!Pager::new(1, 50, 0, |_| String::new()).needed());
}

#[test]
fn a_record_number_stands_in_unmistakable_letters() {
    let who = |sub: &str| Who { sub: sub.into(), ..Who::default() };
    let both = who("Mar 4, 1958 (68 y) · 004-81-937");
    assert_eq!(both.identifiers(), ("Mar 4, 1958 (68 y)", "004-81-937"));
    let none = who("Mar 4, 1958 · not recorded");
    assert_eq!(none.identifiers(), ("Mar 4, 1958 · not recorded", ""));
    assert_eq!(who("no birth date").identifiers(), ("no birth date", ""));
}
