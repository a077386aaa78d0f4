//! Incidents: joining and undoing a thousand cases, and what each new contact
//! costs to look whether its incident is hot.

use super::ground::Ground;
use super::report::Figure;
use huiyin_app::case::Numbers;
use huiyin_app::incident::{self, MembersOperated, NewIncident, OperationUndone};
use huiyin_domain::ids::{CaseId, IncidentId};
use huiyin_domain::incident::hot::window_start;
use huiyin_domain::incident::{Command, Member, OperationKind};
use huiyin_domain::text::Text;
use huiyin_store::incident::{read, stand};
use std::time::Instant;

/// Members of the large incident; the issue names so many.
const MEMBERS: usize = 1_000;

/// Members of an incident as most are.
const FEW: usize = 20;

/// How often it is looked whether an incident is hot.
const LOOKS: u32 = 200;

/// Joins, undoes and looks.
///
/// # Errors
/// When the rules or the database refuse, or too few cases were built.
pub fn incidents(ground: &Ground) -> anyhow::Result<Vec<Figure>> {
    let open: Vec<CaseId> = {
        let known = ground.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        known.open.iter().copied().take(MEMBERS + FEW).collect()
    };
    if open.len() < MEMBERS + FEW {
        anyhow::bail!("{} open cases are too few: build at least 4,000", open.len());
    }
    let (many, few) = open.split_at(MEMBERS);
    let large = opened(ground)?;
    let (mut joining, mut undoing) =
        (Figure::new("incident, join 1,000 cases", 1), Figure::new("incident, undo that join", 1));
    let began = Instant::now();
    for operation in 1..=5 {
        let before = Instant::now();
        join(ground, large, many)?;
        joining.took(before.elapsed());
        let before = Instant::now();
        let undone = Command::Undo(operation, OperationUndone { reason: Text::new("误并")? });
        act(ground, large, undone)?;
        undoing.took(before.elapsed());
    }
    joining.ended(began.elapsed());
    undoing.ended(began.elapsed());
    join(ground, large, many)?;
    let small = opened(ground)?;
    join(ground, small, few)?;
    let few = looks(ground, few[0], "hot detection per new contact, 20 cases")?;
    let many = looks(ground, many[0], "hot detection per new contact, 1,000 cases")?;
    Ok(vec![joining, undoing, few, many])
}

fn opened(ground: &Ground) -> anyhow::Result<IncidentId> {
    let (app, ctx) = (ground.app.clone(), ground.ctx(ground.app.clock.now()));
    let new = NewIncident {
        title: Text::new("五号楼漏水")?,
        reason: Text::new("同一处漏水")?,
        members: Vec::new(),
        unit: None,
        building: Some("5".to_owned()),
        category: None,
    };
    let made = ground.app.store.write_blocking(move |tx| {
        incident::open(tx, &ctx, &app.rules, &Numbers::default(), new).map(|(made, _)| made.id)
    });
    Ok(made?)
}

fn join(ground: &Ground, id: IncidentId, cases: &[CaseId]) -> anyhow::Result<()> {
    let members = cases.iter().copied().map(Member::case).collect();
    let reason = Text::new("同一处漏水")?;
    act(ground, id, Command::Operate(MembersOperated { kind: OperationKind::Join, members, reason }))
}

fn act(ground: &Ground, id: IncidentId, command: Command) -> anyhow::Result<()> {
    let (app, ctx) = (ground.app.clone(), ground.ctx(ground.app.clock.now()));
    let acted = ground
        .app
        .store
        .write_blocking(move |tx| incident::act(tx, &ctx, &app.rules, (id, None), command).map(drop));
    Ok(acted?)
}

/// What a new contact of a case costs: its incident found and read, its members,
/// their contacts within the window, and the detector.
fn looks(ground: &Ground, case: CaseId, name: &'static str) -> anyhow::Result<Figure> {
    let mut figure = Figure::new(name, 1);
    let began = Instant::now();
    for _ in 0..LOOKS {
        let (app, ctx) = (ground.app.clone(), ground.ctx(ground.app.clock.now()));
        let before = Instant::now();
        let hot = ground.app.store.read_blocking(move |tx| {
            let held = app.rules.of(tx, ctx.org())?;
            let id = read::of_case(tx, ctx.org(), case)?.ok_or_else(huiyin_app::Error::not_found)?;
            let loaded = read::incident(tx, ctx.org(), id)?.ok_or_else(huiyin_app::Error::not_found)?;
            let Some(rule) = &held.pack(&loaded.incident.pack)?.hot else { return Ok(0) };
            let zone = held.calendar().zone();
            let from = zone.at(window_start(zone.date(ctx.now), rule.window), 0);
            let members = stand::lying(tx, ctx.org(), id)?;
            let sightings = stand::sightings(tx, ctx.org(), members.iter(), Some(from))?;
            let events = loaded.incident.heat(sightings, rule, (held.calendar(), ctx.now));
            Ok::<_, huiyin_app::Error>(events.len())
        })?;
        figure.took(before.elapsed());
        if hot > 0 {
            anyhow::bail!("cases without complainants made an incident hot");
        }
    }
    figure.ended(began.elapsed());
    Ok(figure)
}
