//! Measures recorded calls through the engine alone: loss, delay, cost.
//!
//! `cargo run --release -p huiyin-media --example load -- 200 20` for 200 calls and 20 s.

use huiyin_media::load::{End, Load, Report};
use huiyin_media::seal::{Keys, SealedTape};
use huiyin_media::{Engine, Kind, Role, Said, Settings, Side};
use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let calls: usize = words.next().map_or(Ok(200), |word| word.parse())?;
    let seconds: u64 = words.next().map_or(Ok(20), |word| word.parse())?;
    let lasts = Duration::from_secs(seconds);
    let bind = IpAddr::V4(Ipv4Addr::LOCALHOST);
    println!("load of the machine: {}", std::fs::read_to_string("/proc/loadavg")?.trim());

    // the control: the same voices without an engine in between
    let control = {
        let load = Load::open(bind, calls)?;
        for call in 0..calls {
            load.talk(End::Near, call, Some(load.at(End::Far)));
            load.talk(End::Far, call, Some(load.at(End::Near)));
        }
        let _ = load.measure(Duration::from_secs(1));
        load.measure(lasts)
    };
    println!("control:  {control}");

    let folder = std::env::temp_dir().join(format!("huiyin-media-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let measured = relayed(bind, calls, lasts, &folder);
    std::fs::remove_dir_all(&folder)?;
    let (report, part) = measured?;
    println!("{calls} recorded calls: {report}");
    println!("media threads: {:.1} % of one core", part * 100.0);
    println!(
        "added delay: p50 {:.1} ms, p95 {:.1} ms",
        added(report.p50, control.p50),
        added(report.p95, control.p95)
    );
    println!("load of the machine: {}", std::fs::read_to_string("/proc/loadavg")?.trim());
    Ok(())
}

fn added(with: Duration, without: Duration) -> f64 {
    (with.as_secs_f64() - without.as_secs_f64()) * 1000.0
}

fn relayed(
    bind: IpAddr,
    calls: usize,
    lasts: Duration,
    folder: &Path,
) -> Result<(Report, f64), Box<dyn Error>> {
    let settings =
        Settings { bind, external_ip: None, ports: 30_000..=39_999, silence: Duration::from_secs(30) };
    let (engine, _notices) = Engine::start(settings)?;
    let keys = Keys::read(&"a".repeat(64))?;
    let load = Load::open(bind, calls)?;
    for call in 0..calls {
        let number = u64::try_from(call)?;
        for (end, leg, side) in
            [(End::Near, number * 2 + 1, Side::Customer), (End::Far, number * 2 + 2, Side::Agent)]
        {
            let to = leg_to(&engine, leg, load.at(end))?;
            engine.join(number, leg, Role::Talker(side));
            load.talk(end, call, Some(to));
        }
        engine.record(number, Box::new(SealedTape::create(&folder.join(call.to_string()), &keys)?));
    }
    let _ = load.measure(Duration::from_secs(2));
    let (began, busy) = (Instant::now(), busy()?);
    let report = load.measure(lasts);
    Ok((report, (self::busy()? - busy) / began.elapsed().as_secs_f64()))
}

fn leg_to(engine: &Engine, leg: u64, at: SocketAddr) -> Result<SocketAddr, Box<dyn Error>> {
    engine.open(leg, Kind::Plain)?;
    let offer = format!(
        "v=0\r\no=- 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {} RTP/AVP 8\r\n",
        at.port(),
        ip = at.ip()
    );
    let (answer, _) = engine.answer(leg, &offer)?;
    Said::read(&answer)?.to.ok_or_else(|| "no address".into())
}

/// Seconds of the processors, without the generator's threads and this one.
fn busy() -> Result<f64, Box<dyn Error>> {
    let mut ticks = 0_u64;
    for task in std::fs::read_dir("/proc/self/task")? {
        let stat = std::fs::read_to_string(task?.path().join("stat"))?;
        let (name, rest) = stat.rsplit_once(')').ok_or("stat")?;
        if !name.contains("(load") {
            let mut words = rest.split_whitespace().skip(11);
            let mut next = || words.next().and_then(|word| word.parse::<u64>().ok()).unwrap_or_default();
            ticks += next() + next();
        }
    }
    Ok(ticks as f64 / 100.0)
}
