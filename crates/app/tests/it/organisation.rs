//! Several organisations in one installation.

use huiyin_app::people::organisation::{self, NewOrganisation};
use huiyin_app::people::person;
use huiyin_app::session::{by_cookie, create_admin, organisations, reset_link, switch_organisation};
use huiyin_app::{Actor, Class, Ctx};
use huiyin_domain::ids::OrgId;
use huiyin_domain::locale::Locale;
use huiyin_domain::people::Post;
use huiyin_store::audit::AuditFilter;
use huiyin_testkit::engines::both_engines_migrated;

use crate::house::{House, PASSWORD, administrator, place, wait};

pub fn machine(house: &House, org: OrgId) -> Ctx {
    house.app.ctx(Actor::command_line(org), "test", Locale::ZhCn)
}

pub fn twin(house: &House) -> organisation::Organisation {
    let new = NewOrganisation { code: "twin".into(), ..NewOrganisation::default_one() };
    house.run_as(machine(house, OrgId(0)), move |tx, ctx| organisation::create(tx, ctx, &new)).unwrap()
}

/// contracts §1
#[test]
fn an_empty_folder_gets_the_default_organisation() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let org = &house.org;
        let told = (org.code.as_str(), org.calendar.as_str(), org.pack.as_str(), org.zone.as_str());
        assert_eq!(told, ("default", "CN", "property", "Asia/Shanghai"));
        let second = create_admin(&house.app, administrator("wu")).unwrap();
        assert_eq!(second.0, *org, "the only organisation is the default");
        assert_eq!(second.1.posts.iter().map(|held| held.post).collect::<Vec<_>>(), [Post::Admin]);
        twin(&house);
        assert_eq!(create_admin(&house.app, administrator("xu")).unwrap_err().code(), "organisation_needed");
    });
}

/// contracts §3
#[test]
fn an_administrator_is_none_elsewhere() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let twin = twin(&house);
        let other = huiyin_app::session::NewAdministrator {
            organisation: Some("twin".into()),
            ..administrator("zhao")
        };
        let zhao = create_admin(&house.app, other).unwrap().1.person.id;
        let unseen = house.run(move |tx, ctx| person::get(tx, ctx, zhao)).unwrap_err();
        assert_eq!(unseen.class(), Class::NotFound);
        assert_eq!(house.run(move |tx, ctx| reset_link(tx, ctx, zhao)).unwrap_err().class(), Class::NotFound);
        let new = NewOrganisation { code: "third".into(), ..NewOrganisation::default_one() };
        let founding = house.run(move |tx, ctx| organisation::create(tx, ctx, &new)).unwrap_err();
        assert_eq!(founding.class(), Class::Denied);
        // Somebody who works in both is not taken over from one of them.
        let lin = house.appoint("lin", house.root(), &[Post::Agent]);
        let unit = twin.root_unit;
        house
            .run_as(machine(&house, twin.org), move |tx, ctx| {
                person::invite(tx, ctx, "lin", &place(unit, &[Post::Agent]))
            })
            .unwrap();
        assert_eq!(
            house.run(move |tx, ctx| reset_link(tx, ctx, lin)).unwrap_err().code(),
            "belongs_elsewhere"
        );
        let trail = house
            .run(|tx, ctx| {
                huiyin_app::audit::list(tx, ctx, &AuditFilter { limit: 200, ..AuditFilter::default() })
            })
            .unwrap();
        assert!(trail.iter().all(|line| line.object_id != zhao.to_string()));
    });
}

/// contracts §2
#[test]
fn a_session_works_in_one_organisation_at_a_time() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        let twin = twin(&house);
        let unit = twin.root_unit;
        let lin = house.appoint_with_password("lin", house.root(), &[Post::Agent]);
        house
            .run_as(machine(&house, twin.org), move |tx, ctx| {
                person::invite(tx, ctx, "lin", &place(unit, &[Post::Lead]))
            })
            .unwrap();
        let signed = house.sign_in("lin", PASSWORD).unwrap();
        assert_eq!(signed.actor.org, house.org.org);
        let ctx = house.app.ctx(signed.actor.clone(), "test", Locale::ZhCn);
        let all = house.run_as(ctx.clone(), organisations).unwrap();
        assert_eq!(all.iter().map(|org| org.code.as_str()).collect::<Vec<_>>(), ["default", "twin"]);
        house.run_as(ctx.clone(), |tx, ctx| switch_organisation(tx, ctx, "twin").map(drop)).unwrap();
        let actor = wait(by_cookie(&house.app, &signed.secret)).unwrap().actor;
        assert_eq!((actor.org, actor.holds(Post::Lead), actor.holds(Post::Agent)), (twin.org, true, false));
        let nowhere =
            house.run_as(ctx, |tx, ctx| switch_organisation(tx, ctx, "third").map(drop)).unwrap_err();
        assert_eq!(nowhere.fields()[0].code, "organisation_unknown");
        // Dismissed here, the account lives on there.
        house.clock.advance(1);
        let app = house.app.clone();
        house.run(move |tx, ctx| person::deactivate(&app, tx, ctx, lin)).unwrap();
        assert_eq!(wait(by_cookie(&house.app, &signed.secret)).unwrap().actor.org, twin.org);
    });
}

///
#[test]
fn a_search_by_number_is_logged_without_the_number() {
    both_engines_migrated(|store| {
        let house = House::new(store);
        house
            .run(|tx, ctx| {
                let field = huiyin_domain::people::Sensitive::Phone;
                huiyin_app::audit::searched(tx, ctx, field, "5678")?;
                huiyin_app::audit::searched(tx, ctx, field, "5678")?;
                huiyin_app::audit::viewed(tx, ctx, field, huiyin_app::audit::Object::new("party", "p1"))
            })
            .unwrap();
        let lines = house.run(|tx, ctx| huiyin_app::audit::list_access(tx, ctx, None, 10)).unwrap();
        let searches: Vec<_> = lines.iter().filter(|line| line.what == "search").collect();
        assert_eq!((lines.len(), searches.len()), (3, 2));
        assert_eq!(searches[0].object_id, searches[1].object_id);
        assert!(searches[0].object_id.len() == 64 && !searches[0].object_id.contains("5678"));
        assert!(lines.iter().all(|line| line.person == Some(house.admin)));
        let lin = house.appoint("lin", house.root(), &[Post::Agent]);
        let denied =
            house.run_as(house.ctx(lin), |tx, ctx| huiyin_app::audit::list_access(tx, ctx, None, 10));
        assert_eq!(denied.unwrap_err().class(), Class::Denied);
    });
}
