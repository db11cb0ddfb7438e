import Testing

@testable import Web

@Suite struct StaircaseTests {
    private func stairs(_ levels: [(Int, Int?)]) -> Staircase {
        Staircase(
            levels.map { .init(code: "skane", name: "Å & <b>", caption: "Nivå", reached: $0.0, chosen: $0.1) }
        )
    }

    @Test func `a higher step is drawn higher`() {
        let svg = stairs([(0, nil), (1, 1), (2, 2), (3, 3)]).drawn(label: "x").html
        let tops = svg.matches(of: /class="step" x="\d+" y="(\d+)"/).compactMap { Int($0.1) }
        #expect(tops.count == 4)
        #expect(tops == tops.sorted(by: >))
    }

    @Test(arguments: [(0, 1, 1), (1, 2, 1), (2, 2, 0), (3, 2, 0)])
    func `a dashed line stands over the steps whose chosen level is higher`(
        reached: Int,
        chosen: Int,
        lines: Int
    ) {
        let one = stairs([(reached, chosen)])
        #expect(one.drawn(label: "x").html.matches(of: /class="aim"/).count == lines)
        let narrow = one.drawnNarrow(label: "x").html
        #expect(narrow.matches(of: /class="got"/).count == reached)
        #expect(narrow.matches(of: /class="aim"/).count == max(0, chosen - reached))
    }

    @Test func `words are escaped and levels beyond the stairs are cut`() {
        let stairs = stairs([(9, 9), (-1, 0)])
        for svg in [stairs.drawn(label: "\"&"), stairs.drawnNarrow(label: "\"&")] {
            #expect(svg.html.contains("Å &amp; &lt;b&gt;"))
            #expect(svg.html.contains("aria-label=\"&quot;&amp;\""))
            #expect(!svg.html.contains("style="))
        }
        #expect(stairs.steps.map(\.reached) == [3, 0])
        #expect(stairs.steps.map(\.chosen) == [3, 1])
    }
}
