//! Copies of one text: kept on one side of every split, else a measure flatters.

use super::space::Counted;
use rustc_hash::FxHashMap;

/// One feature of so many is looked at.
const SAMPLE: u64 = 4;
/// A feature of more texts than this says nothing about copies.
const COMMON: usize = 30;
/// What the smaller text must share with the larger to be its copy.
const SHARED: f32 = 0.3;

/// Numbers the texts so that copies of each other have one number.
pub(crate) fn groups(texts: &[Counted]) -> Vec<usize> {
    let samples: Vec<_> = texts.iter().map(|text| text.sample(SAMPLE)).collect();
    let mut holders: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    for (at, sample) in samples.iter().enumerate() {
        for hash in sample {
            holders.entry(*hash).or_default().push(at);
        }
    }
    let mut parent: Vec<usize> = (0..texts.len()).collect();
    for (at, sample) in samples.iter().enumerate() {
        let mut shared: FxHashMap<usize, usize> = FxHashMap::default();
        for hash in sample {
            let others = &holders[hash];
            if others.len() <= COMMON {
                others.iter().filter(|other| **other < at).for_each(|other| {
                    *shared.entry(*other).or_default() += 1;
                });
            }
        }
        for (other, count) in shared {
            let least = sample.len().min(samples[other].len()).max(8);
            if count as f32 >= SHARED * least as f32 {
                let (left, right) = (root(&mut parent, at), root(&mut parent, other));
                parent[left.max(right)] = left.min(right);
            }
        }
    }
    (0..texts.len()).map(|at| root(&mut parent, at)).collect()
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// Deals texts to so many parts: each group whole, each label evenly.
pub(crate) fn parts(groups: &[usize], labels: &[usize], parts: usize) -> Vec<usize> {
    let mut next: FxHashMap<usize, usize> = FxHashMap::default();
    let mut of_group: FxHashMap<usize, usize> = FxHashMap::default();
    let deal = |(group, label): (&usize, &usize)| {
        *of_group.entry(*group).or_insert_with(|| {
            let turn = next.entry(*label).or_insert(*label);
            *turn += 1;
            *turn % parts
        })
    };
    groups.iter().zip(labels).map(deal).collect()
}

#[cfg(test)]
mod tests {
    use super::super::feature::Message;
    use super::*;

    #[test]
    fn a_copy_with_another_end_stays_with_its_text() {
        let text = |text: &str| Counted::of(&Message { title: String::new(), text: text.to_owned() });
        let texts = [
            text(
                "三期五栋二单元的电梯从上周一开始每天停运两次，老人上不了楼，物业一直没有来修理，请尽快处理",
            ),
            text("地下车库入口的道闸坏了半个月，外来车辆随意进出，保安说等配件，业主很担心安全"),
            text("三期五栋二单元的电梯从上周一开始每天停运两次，老人上不了楼，物业一直没有来修理，谢谢"),
        ];
        assert_eq!(groups(&texts), [0, 1, 0]);
        assert_eq!(parts(&[0, 1, 0, 3, 4], &[0, 0, 0, 0, 0], 2), [1, 0, 1, 1, 0]);
    }
}
