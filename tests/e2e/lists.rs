//! The clinic's old tracking sheet through the front door: dropped as it is, read on the caseload,
//! corrected by a second sheet and by a person; and a list that asks what its columns are.

use crate::appliance::{Appliance, wait_for};

const SHEET: &str = "Care coordination tracking sheet,,,,,,,\r
Name,DOB,Phone,Coordinator,Next call,Housing,Notes,Program\r
\"Quillfeather, Odalys\",7/19/1971,(555) 010-0199,Rosa,2/23/2027,Shelter,\"likes mornings,\r
call first\",Diabetes\r
\"Brandywine, Thelonious\",1/2/60,,Rosa,3/1/2027,Stable,,Diabetes\r
\"Brandywine, Thelonious\",,,,,,,\r
Total: 2,,,,,,,\r
";

/// The words of a page, without its marks.
fn words(html: &str) -> String {
    let pieces = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    pieces.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_tracking_sheet_becomes_columns_of_the_caseload() {
    let appliance = Appliance::start_with(&["--clock", "2027-02-10T09:00:00-05:00"]);
    let receipt = appliance.take("clinic/tracking.csv", SHEET.as_bytes());
    assert_eq!(receipt["format"], "list", "{receipt}");
    assert_eq!((&receipt["document"], &receipt["status"]), (&"tracking".into(), &"done".into()));
    let rosa = appliance.signed_in("coordinator");
    let html = rosa.page("/caseload");
    for piece in [
        "<th scope=\"col\">Next call</th><th scope=\"col\">Housing</th><th scope=\"col\">Notes</th>",
        "Quillfeather, Odalys",
        "<td data-th=\"Next call\">Feb 23, 2027",
        "<td data-th=\"Housing\">Shelter",
        "<td data-th=\"Program\">Diabetes",
    ] {
        assert!(html.contains(piece), "{piece}\n{}", words(&html));
    }
    // The same sheet again changes nothing; a corrected one corrects one value.
    assert_eq!(appliance.take("clinic/again.csv", SHEET.as_bytes())["status"], "duplicate");
    let corrected = SHEET.replace("3/1/2027,Stable", "3/1/2027,With family");
    assert_eq!(appliance.take("clinic/feb.csv", corrected.as_bytes())["status"], "done");
    let html = rosa.page("/caseload");
    assert!(html.contains("<td data-th=\"Housing\">With family"), "{}", words(&html));
    assert!(html.contains("<td data-th=\"Housing\">Shelter"));
    // Rosa changes a value on its own page; the sheet's next word is shown beside hers.
    let start = html.find("<td data-th=\"Next call\">Feb 23, 2027").unwrap();
    let link = html[start..].split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    let reply = rosa.submit(link, link, &[("value", "2/26/2027")]);
    assert_eq!(reply.status, 303, "{}", words(&reply.body));
    let later = corrected.replace("2/23/2027", "4/4/2027");
    assert_eq!(appliance.take("clinic/mar.csv", later.as_bytes())["status"], "done");
    let html = rosa.page("/caseload");
    let both = "<td data-th=\"Next call\">Feb 26, 2027<span class=\"sub warn\">The sheet says: Apr 4, 2027";
    assert!(html.contains(both), "{}", words(&html));
}

#[test]
fn a_list_that_is_not_known_is_answered_on_its_page() {
    let appliance = Appliance::start_with(&["--clock", "2027-02-10T09:00:00-05:00"]);
    let list =
        "Wer;Geboren;Nummer\nQuillfeather, Odalys;19.07.1971;00720415\nOberlin, Ann;04.03.1958;7\n";
    let receipt = appliance.take("shore/list.csv", list.as_bytes());
    assert_eq!((&receipt["status"], &receipt["format"]), (&"set_aside".into(), &"list".into()));
    assert_eq!(receipt["problems"][0]["code"], "mapping_needed");
    let id = receipt["id"].as_str().unwrap();
    let rosa = appliance.signed_in("coordinator");
    let page = format!("/intake/{id}/map");
    assert!(rosa.page(&format!("/intake/{id}")).contains(&page));
    let chosen = [
        ("kind", "patients"),
        ("dates", "day-first"),
        ("c0", "name"),
        ("c1", "dob"),
        ("c2", "mrn"),
        ("name", "Shore"),
    ];
    let mut nameless = chosen;
    nameless[5].1 = "";
    let look = rosa.submit(&page, &page, &nameless);
    assert_eq!(look.status, 422, "without a name nothing is saved");
    let reply = rosa.submit(&page, &page, &chosen);
    assert_eq!(reply.status, 303, "{}", words(&reply.body));
    wait_for("the list to be read", || {
        let all = appliance.receipts();
        all.iter().any(|it| it["id"] == id && it["status"] == "done")
    });
    // The next one is read by itself.
    let next = "Geboren;Nummer;Wer\n05.06.1970;8;Roe, Bo\n";
    let receipt = appliance.take("shore/next.csv", next.as_bytes());
    assert_eq!((&receipt["status"], &receipt["document"]), (&"done".into(), &"patients".into()));
}
