internal import Postgres
internal import Web

/// The page of the strategy as the template prints it: the staircase, the priorities with what the registry counts, the
/// commitments against the evidence of the regions, and what the strategy says.
struct StrategyPage {
    let strategy: Strategy
    let plans: [RegionPlan]
    let figures: StrategyFigures
    let text: StrategyWords
    /// Whether the reader may change the strategy.
    var isAdministrator = false

    private var words: Wording { text.words }
    private var language: Language { text.language }
    private var standings: [(region: SiteRegion, standing: Strategy.Standing)] {
        SiteRegion.all.compactMap { region in
            strategy.regions.first { $0.region == region.code }.map { (region, $0) }
        }
    }

    var view: View {
        [
            "lead": .text(
                words(
                    "strategy.lead",
                    [
                        "title": strategy.title[language], "first": String(strategy.firstYear),
                        "last": String(strategy.lastYear),
                    ]
                )
            ),
            "edit": .optional(isAdministrator ? "/\(language)/strategy/edit" : nil),
            "hasExamples": .flag(strategy.commitments.contains(where: \.example)),
            "hasInvented": .flag(plans.contains(where: \.hasInvented)),
            "stairs": .markup(staircase.drawn(label: label)),
            "narrowStairs": .markup(staircase.drawnNarrow(label: label)),
            "regions": .list(regions),
            "priorities": .list(strategy.priorities.map(priority)),
            "regionNames": .texts(standings.map(\.region.name)),
            "vision": .list(statements(.vision)),
            "rules": .list(statements(.level)),
            "financing": .list(statements(.financing)),
            "background": .list(statements(.background)),
            "isParaphrase": .flag(strategy.statements.contains(where: \.paraphrase)),
            "adopted": .text(
                words(
                    "strategy.adopted",
                    [
                        "day": words.day(strategy.adoptedOn), "body": strategy.adoptedBy[language],
                        "owner": strategy.owner,
                    ]
                )
            ),
        ]
    }

    // MARK: The staircase

    private var staircase: Staircase {
        Staircase(
            standings.map { region, standing in
                .init(
                    code: region.code,
                    name: region.name,
                    caption: text.levels(chosen: standing.chosen?.level, reached: standing.reached),
                    reached: standing.reached,
                    chosen: standing.chosen?.level
                )
            }
        )
    }

    private var label: String {
        let each = staircase.steps.map { "\($0.name): \($0.caption)" }
        return words("strategy.stairs.label", ["regions": each.joined(separator: "; ")])
    }

    private var regions: [View] {
        standings.map { region, standing in
            [
                "code": .text(region.code),
                "name": .text(region.name),
                "address": .text("/\(language)/strategy/\(region.code)"),
                "reached": .text(standing.reached == 0 ? "–" : words.number(standing.reached)),
                "chosen": .text(standing.chosen.map { words.number($0.level) } ?? "–"),
                "until": .text(standing.chosen.map { words.day($0.to) } ?? "–"),
                "missing": .text(words.number(missingNext(region.code, standing.reached))),
            ]
        }
    }

    /// How many commitments of the next level lack evidence.
    private func missingNext(_ region: String, _ reached: Int) -> Int {
        plans.first { $0.region == region }?.missing.first { $0.level > reached }?.commitments.count ?? 0
    }

    // MARK: The priorities

    private func priority(_ priority: Strategy.Priority) -> View {
        let measures = StrategyFigures.measures(of: priority.code)
        let commitments = strategy.commitments.filter { $0.priority == priority.code }
        return [
            "code": .text(priority.code),
            "name": .text(priority.name[language]),
            "number": .text(words("strategy.priority.number", ["number": String(priority.no)])),
            "figures": measures.isEmpty ? .absent : .view(table(of: measures, priority)),
            "commitmentCount": .text(words.count("strategy.commitments.count", commitments.count)),
            "caption": .text(words("strategy.commitments.caption", ["priority": priority.name[language]])),
            "commitments": .list(commitments.map(commitment)),
        ]
    }

    private func table(of measures: [StrategyFigures.Measure], _ priority: Strategy.Priority) -> View {
        [
            "caption": .text(words("strategy.figures.caption", ["priority": priority.name[language]])),
            "measures": .texts(measures.map { $0.name[language] }),
            "rows": .list(
                SiteRegion.all.map { region in
                    [
                        "code": .text(region.code),
                        "name": .text(region.name),
                        "counts": .texts(measures.map { words.number(figures.count($0, in: region.code)) }),
                    ]
                }
            ),
            "totals": .texts(measures.map { words.number(figures.total($0)) }),
        ]
    }

    // MARK: The commitments

    private func commitment(_ commitment: Strategy.Commitment) -> View {
        [
            "level": .text(words.number(commitment.level)),
            "name": .text(commitment.name[language]),
            "indicator": .optional(commitment.indicator?.name[language]),
            "isExample": .flag(commitment.example),
            "cells": .list(
                standings.map { region, _ in
                    let plan = plans.first { $0.region == region.code }
                    let isMissing =
                        plan?.missing.contains { $0.commitments.contains(commitment.code) } ?? true
                    return [
                        "state": .text(isMissing ? "unknown" : "free"),
                        "word": .text(
                            words(isMissing ? "strategy.evidence.missing" : "strategy.evidence.approved")
                        ),
                    ]
                }
            ),
        ]
    }

    private func statements(_ kind: Strategy.Statement.Kind) -> [View] {
        strategy.statements(kind).map { statement in
            [
                "text": .text(statement.text[language]),
                "year": .optional(statement.year.map(String.init)),
            ]
        }
    }
}
