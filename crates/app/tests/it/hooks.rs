//! Webhooks: subscriptions, messages, failures, the list of what was given up.

use huiyin_app::webhook::{self, Format, NewWebhook, WebhookChange};
use huiyin_app::work::{ATTEMPTS, SendFailure};
use huiyin_app::{Class, Error};
use huiyin_domain::ids::WebhookId;
use huiyin_domain::people::Post;
use huiyin_testkit::engines::both_engines_migrated;

use crate::errands::Errands;

pub fn hook(events: &[&str]) -> NewWebhook {
    NewWebhook {
        name: "总台".into(),
        url: "https://hooks.example.org/in".into(),
        events: events.iter().map(|event| (*event).to_owned()).collect(),
        format: Format::Plain,
        secret: None,
    }
}

fn create(desk: &Errands, new: NewWebhook) -> Result<(webhook::WebhookRow, String), Error> {
    let ways = desk.ways.clone();
    desk.run(move |tx, ctx| webhook::create(tx, ctx, ways.as_ref(), &new))
}

fn test(desk: &Errands, id: WebhookId) {
    desk.run(move |tx, ctx| webhook::send_test(tx, ctx, id)).unwrap();
}

/// Issue 3 §3: only administrators connect, and a secret is shown once.
#[test]
fn a_secret_is_shown_once_and_signs_what_goes_out() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let (row, secret) = create(&desk, hook(&["case.*"])).unwrap();
        assert_eq!(secret.len(), 43);
        let listed = desk.run(webhook::list).unwrap();
        assert!(!format!("{listed:?}").contains(&secret));
        test(&desk, row.id);
        desk.after(0);
        let post = desk.ways.posts.lock().unwrap()[0].clone();
        assert_eq!((post.secret.as_str(), post.topic.as_str()), (secret.as_str(), "webhook.test"));
        let lin = desk.appoint("lin", desk.root(), &[Post::Agent]);
        let refused = desk.run_as(desk.ctx(lin), webhook::list).unwrap_err();
        assert_eq!(refused.class(), Class::Denied);
        let id = row.id;
        let renewed = desk.run(move |tx, ctx| webhook::renew_secret(tx, ctx, id)).unwrap();
        test(&desk, id);
        desk.after(0);
        assert_eq!(desk.ways.posts.lock().unwrap()[1].secret, renewed);
    });
}

/// Bad input (issue 3): wrong addresses and topics are refused with their field.
#[test]
fn wrong_subscriptions_are_refused() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let field = |new: NewWebhook| {
            let error = create(&desk, new).unwrap_err();
            (error.fields()[0].path.clone(), error.fields()[0].code.clone())
        };
        let wrong = |path: &str, code: &str| (path.to_owned(), code.to_owned());
        assert_eq!(
            field(NewWebhook { url: "file:///etc".into(), ..hook(&["*"]) }),
            wrong("url", "address_scheme")
        );
        assert_eq!(field(hook(&[])), wrong("events", "list_length"));
        assert_eq!(field(hook(&["case.closed", "Case"])), wrong("events[1]", "topic_shape"));
        assert_eq!(field(NewWebhook { name: " ".into(), ..hook(&["*"]) }), wrong("name", "text_length"));
    });
}

/// Issue 3 §3, §6: retries with back-off, then the dead-letter list, then again.
#[test]
fn what_cannot_be_delivered_is_listed_and_sent_again() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let id = create(&desk, hook(&["*"])).unwrap().0.id;
        for _ in 0..ATTEMPTS {
            desk.ways.fail_next(SendFailure::Retry { after: None, reason: "status 503".into() });
        }
        test(&desk, id);
        desk.after(0);
        let page = |desk: &Errands| {
            desk.run(move |tx, ctx| webhook::deliveries(tx, ctx, id, None, 10)).unwrap().items.remove(0)
        };
        assert_eq!((page(&desk).tries, page(&desk).outcome.as_deref()), (1, Some("status 503")));
        assert_eq!(desk.after(1), 0, "it waits");
        for _ in 1..ATTEMPTS {
            desk.after(6 * 3600);
        }
        assert_eq!(page(&desk).tries, ATTEMPTS);
        let dead = desk.run(|tx, ctx| webhook::dead(tx, ctx, None, 10)).unwrap().items;
        assert_eq!(dead.len(), 1);
        assert_eq!(desk.run(|tx, ctx| huiyin_app::work::dead_jobs(tx, ctx, None, 10)).unwrap().len(), 1);
        let message = dead[0].id;
        desk.run(move |tx, ctx| webhook::requeue(tx, ctx, message)).unwrap();
        desk.after(0);
        assert!(page(&desk).delivered_at.is_some());
        assert_eq!(desk.ways.posts.lock().unwrap()[0].id, message.to_string(), "the same message");
        assert!(desk.run(|tx, ctx| webhook::dead(tx, ctx, None, 10)).unwrap().items.is_empty());
        assert!(desk.run(|tx, ctx| huiyin_app::work::dead_jobs(tx, ctx, None, 10)).unwrap().is_empty());
        let again = desk.run(move |tx, ctx| webhook::requeue(tx, ctx, message)).unwrap_err();
        assert_eq!(again.class(), Class::NotFound);
    });
}

/// Issue 3 §6: a refusal that no try can mend is given up at once.
#[test]
fn a_final_refusal_is_not_repeated() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let id = create(&desk, hook(&["*"])).unwrap().0.id;
        desk.ways.fail_next(SendFailure::Dead { reason: "status 410".into() });
        test(&desk, id);
        desk.after(0);
        assert_eq!(desk.run(|tx, ctx| webhook::dead(tx, ctx, None, 10)).unwrap().items[0].tries, 1);
    });
}

/// Issue 3 §3: switched off or removed, nothing more goes out, waiting messages too.
#[test]
fn nothing_goes_to_a_webhook_that_is_off() {
    both_engines_migrated(|store| {
        let desk = Errands::new(store);
        let row = create(&desk, hook(&["*"])).unwrap().0;
        test(&desk, row.id);
        let (ways, id) = (desk.ways.clone(), row.id);
        let off = WebhookChange { active: Some(false), version: row.version, ..WebhookChange::default() };
        let stale = WebhookChange { version: 7, ..off.clone() };
        let changed = desk
            .run(move |tx, ctx| {
                let refused = webhook::change(tx, ctx, ways.as_ref(), id, &stale).unwrap_err();
                assert_eq!(refused.class(), Class::Stale);
                webhook::change(tx, ctx, ways.as_ref(), id, &off)
            })
            .unwrap();
        assert!(!changed.active);
        desk.after(0);
        assert!(desk.ways.posts.lock().unwrap().is_empty());
        desk.run(move |tx, ctx| webhook::remove(tx, ctx, id)).unwrap();
        assert!(desk.run(webhook::list).unwrap().is_empty());
    });
}
