import Testing

@testable import Web

@Suite struct DrawingsTests {
    private func strip(_ runs: [AvailabilityStrip.Run], saturday: Int = 0) -> String {
        AvailabilityStrip(periods: [.init(runs: runs, daysToSaturday: saturday)]).drawn(label: "a < b").html
    }

    @Test func `a run is one rectangle placed in per cent, days and weekday are classes`() {
        let drawn = strip([.init(.free, 5), .init(.busy, 2), .init(.free, 5)], saturday: 5)
        #expect(
            drawn == """
                <div class="sky" role="img" aria-label="a &lt; b"><span class="seg d-12 a-5"><svg aria-hidden="true">\
                <rect class="k-free" height="100%" x="0%" width="41.67%"/>\
                <rect class="k-busy" y="72%" height="28%" x="41.67%" width="16.67%"/>\
                <rect class="k-free" height="100%" x="58.33%" width="41.67%"/></svg></span></div>
                """
        )
    }

    @Test func `equal neighbours are one run and empty ones none`() {
        let drawn = strip([.init(.held, 1), .init(.free, 0), .init(.held, 2)])
        #expect(drawn.matches(of: /<rect/).count == 1)
    }

    @Test func `past 62 days a unit is a week and its worst day shows`() {
        let strip = AvailabilityStrip(periods: [
            .init(runs: [.init(.free, 60), .init(.busy, 1), .init(.free, 9)], daysToSaturday: 3)
        ])
        #expect(strip.daysPerUnit == 7)
        let drawn = strip.drawn(label: "").html
        #expect(drawn.contains("seg d-10 weeks"))
        #expect(drawn.contains(#"class="k-busy" y="72%" height="28%" x="80%" width="10%""#))
    }

    @Test func `nothing drawn has a style attribute or a script`() {
        var drawings = [strip([.init(.unknown, 3)])]
        for motif in Landscape.Motif.allCases {
            for light in Landscape.Light.allCases {
                drawings.append(Landscape(motif, light: light, seed: "x").drawn(id: "g").html)
            }
        }
        for drawing in drawings { #expect(drawing.firstMatch(of: /style=|<script|on\w+=/) == nil) }
    }

    @Test func `a seed always gives the same landscape, and another seed another`() {
        for motif in Landscape.Motif.allCases {
            let one = Landscape(motif, seed: "019a0000").drawn(id: "g").html
            #expect(one == Landscape(motif, seed: "019a0000").drawn(id: "g").html)
            #expect(one != Landscape(motif, seed: "019a0001").drawn(id: "g").html)
            #expect(one.utf8.count < 4_000)
        }
    }

    @Test func `the numbers of a seed never change`() {
        var numbers = SeededNumbers(seed: 42)
        #expect([numbers.next(), numbers.next()] == [13_679_457_532_755_275_413, 2_949_826_092_126_892_291])
    }

    @Test func `days of a month that are over take their room`() {
        let months = CalendarMonths([
            .init(name: "mars 2027", past: 21, period: .init(runs: [.init(.free, 10)], daysToSaturday: 5))
        ])
        let drawn = months.drawn(label: "x").html
        #expect(drawn.contains(#"seg d-31 a-5"#))
        #expect(drawn.contains(#"x="67.74%" width="32.26%""#))
    }
}
