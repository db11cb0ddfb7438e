import Foundation

/// A drawn horizon for a listing without a photograph: sky, sun and three to five ridges growing darker.
///
/// Seeded by the listing, so that the same listing always has the same picture. People get a landscape of their home,
/// never a face. About 1 kB of SVG, 2.39:1.
public struct Landscape: Sendable {
    /// What stands on the horizon.
    public enum Motif: String, CaseIterable, Sendable {
        case sea, dune, forest, lake, field, castle
    }

    /// The time of day, or of year.
    public enum Light: String, CaseIterable, Sendable {
        case dawn, gold, blue, haze, dusk, winter

        /// Sky above and below, sun, ridges from far to near, water.
        var colours: [String] {
            switch self {
            case .dawn:
                ["#9fc3cb", "#f6e3b8", "#fff3cf", "#8fb0b3", "#5d878a", "#2f5a5d", "#16393d", "#b9d6d6"]
            case .gold:
                ["#6f9aa8", "#f3c178", "#fff0c4", "#a48d78", "#6c6a62", "#3f4a48", "#1c2b2c", "#e0b98a"]
            case .blue:
                ["#14283f", "#5b86a0", "#ffd9a0", "#3c6078", "#2a485d", "#193242", "#0c1c27", "#56809a"]
            case .haze:
                ["#c9d6d4", "#eef0e6", "#fffdf4", "#b1c3c0", "#8aa5a1", "#557a76", "#274b48", "#d5e1df"]
            case .dusk:
                ["#3b3f63", "#d98a6c", "#ffe0b0", "#6d5b72", "#4b4660", "#2c3049", "#151c2e", "#b17a72"]
            case .winter:
                ["#b8c8d2", "#e9e6e1", "#fff8e8", "#a7b7c0", "#8195a0", "#53656f", "#2b3a43", "#dbe4e8"]
            }
        }
    }

    private let motif: Motif
    private let light: Light
    private let seed: String

    /// - Parameters:
    ///   - light: drawn from the seed when not given.
    ///   - seed: the identity of the listing.
    public init(_ motif: Motif, light: Light? = nil, seed: String) {
        self.motif = motif
        self.seed = seed
        var numbers = SeededNumbers(seed: "light " + seed)
        self.light = light ?? Light.allCases[numbers.whole(0...Light.allCases.count - 1)]
    }

    /// - Parameter id: of the gradient, unique on the page.
    public func drawn(id: String) -> Markup {
        var canvas = Canvas(numbers: SeededNumbers(seed: seed), colours: light.colours)
        canvas.draw(motif)
        return """
            <svg viewBox="0 0 478 200" preserveAspectRatio="xMidYMid slice" aria-hidden="true">\
            <linearGradient id="\(id)" x2="0" y2="1"><stop offset="0" stop-color="\(light.colours[0])"/>\
            <stop offset=".64" stop-color="\(light.colours[1])"/></linearGradient>\
            <rect width="478" height="200" fill="url(#\(id))"/>\(Markup(html: canvas.svg))</svg>
            """
    }
}

/// The growing drawing: each ridge is added in front of the one before.
private struct Canvas {
    typealias Point = (x: Double, y: Double)

    var numbers: SeededNumbers
    let colours: [String]
    var svg = ""
    let horizon: Int
    let sunX: Int

    init(numbers: SeededNumbers, colours: [String]) {
        self.numbers = numbers
        self.colours = colours
        horizon = self.numbers.whole(112...128)
        sunX = self.numbers.whole(90...390)
        let y = horizon - self.numbers.whole(4...34)
        svg =
            "<circle cx=\"\(sunX)\" cy=\"\(y)\" r=\"\(self.numbers.whole(11...17))\" fill=\"\(colours[2])\"/>"
    }

    mutating func draw(_ motif: Landscape.Motif) {
        switch motif {
        case .sea:
            fill(3, smooth(ridge(0, 7)))
            water()
            fill(5, "M0 200V\(horizon + 48)q60-14 120-3t90 20 268 8V200z")
            fill(6, "M0 200v-18q120-20 240-4t238-8v30z")
        case .dune:
            water()
            fill(4, smooth(ridge(38, 16, step: 60)))
            fill(5, smooth(ridge(54, 14, step: 70)))
            let grass = "M40 \(horizon + 40)l5-17m0 17l9-13m270 14l4-18m3 18l8-12m-200 20l3-16m3 17l8-13"
            svg += "<path d=\"\(grass)\" stroke=\"\(colours[6])\" stroke-width=\"1.5\"/>"
            fill(6, smooth(ridge(74, 8, step: 80)))
        case .forest:
            fill(3, smooth(ridge(-6, 12)))
            fill(4, spruces(ridge(14, 8), 8..<18, gap: 8))
            fill(5, spruces(ridge(40, 9), 14..<30, gap: 12))
            fill(6, spruces(ridge(74, 8), 26..<52, gap: 20))
        case .lake:
            fill(3, smooth(ridge(-14, 20)))
            fill(4, spruces(ridge(-1, 3), 5..<12, gap: 7, floor: horizon + 1))
            water()
            fill(6, spruces(ridge(62, 5), 10..<24, gap: 11, until: Double(numbers.whole(150...230))))
            fill(6, smooth(ridge(72, 5)))
        case .field:
            fill(3, smooth(ridge(-3, 9)))
            fill(4, smooth(ridge(12, 8, step: 50)))
            svg += "<path d=\"\(smooth(ridge(24, 7, step: 60)))\" fill=\"#e8c23e\"/>"
            let furrows = (-5...5).map { "M\(240 + $0 * 26) \(horizon + 30)L\(240 + $0 * 110) 200" }
            svg += "<path d=\"\(furrows.joined())\" stroke=\"#b8922a\" stroke-width=\"1.2\"/>"
            fill(6, smooth(ridge(66, 9, step: 80)))
            for (span, scale) in [(40...90, 1.1), (120...170, 1), (340...380, 0.95), (410...450, 1.15)] {
                willow(x: numbers.whole(span), y: horizon + 68, scale)
            }
        case .castle:
            fill(3, smooth(ridge(2, 8)))
            water()
            castle()
            fill(6, smooth(ridge(66, 8, step: 80)))
        }
    }

    /// A wavering line at a distance under the horizon, from edge to edge.
    private mutating func ridge(_ below: Int, _ height: Double, step: Int = 40) -> [Point] {
        let phases = (0..<3).map { _ in numbers.real(0..<6.28) }
        let frequencies = [1, 2.3, 5.1].map { $0 * numbers.real(0.6..<1.4) }
        return stride(from: 0, to: 478 + step, by: step).map { x in
            let turn = Double(x) / 478 * 6.28
            let wave =
                sin(turn * frequencies[0] + phases[0]) * 0.55 + sin(turn * frequencies[1] + phases[1]) * 0.3
                + sin(turn * frequencies[2] + phases[2]) * 0.15
            return (Double(x), Double(horizon + below) - height * wave)
        }
    }

    private func smooth(_ points: [Point]) -> String {
        var path = "M0 200V\(whole(points[0].y))"
        for (from, to) in zip(points, points.dropFirst()) {
            let middle = whole((from.x + to.x) / 2)
            path += "C\(middle) \(whole(from.y)) \(middle) \(whole(to.y)) \(whole(to.x)) \(whole(to.y))"
        }
        return path + "V200z"
    }

    /// Spruces of heights within a range along a line.
    private mutating func spruces(
        _ line: [Point],
        _ heights: Range<Double>,
        gap: Double,
        floor: Int = 200,
        until end: Double = 478
    ) -> String {
        func ground(_ x: Double) -> Double {
            for (from, to) in zip(line, line.dropFirst()) where from.x <= x && x <= to.x {
                return from.y + (to.y - from.y) * (x - from.x) / (to.x - from.x)
            }
            return line.last?.y ?? 0
        }
        var path = "M0 \(floor)V\(whole(ground(0)))"
        var x = 0.0
        while x < end {
            let height = numbers.real(heights) * (numbers.real(0..<1) > 0.15 ? 1 : 0.5)
            let width = gap * numbers.real(0.7..<1.35)
            let top = whole(ground(x + width / 2) - height)
            path += "L\(whole(x + width / 2)) \(top) \(whole(x + width)) \(whole(ground(x + width)))"
            x += width
        }
        return path + "V\(floor)z"
    }

    private mutating func water() {
        let y = horizon
        svg += "<rect y=\"\(y)\" width=\"478\" height=\"\(200 - y)\" fill=\"\(colours[7])\"/>"
        let glitter =
            "M\(sunX - 26) \(y + 9)h52M\(sunX - 16) \(y + 19)h30M\(sunX - 34) \(y + 31)h60M\(sunX - 10) \(y + 44)h26"
        svg += "<path d=\"\(glitter)\" stroke=\"\(colours[2])\" stroke-width=\"2\" opacity=\".75\"/>"
    }

    private mutating func willow(x: Int, y: Int, _ scale: Double) {
        func scaled(_ value: Double) -> Int { whole(value * scale) }
        let colour = colours[6]
        let crown = y - scaled(20)
        svg +=
            "<path d=\"M\(x - scaled(6)) \(y)l\(scaled(3)) \(scaled(-20))q\(scaled(3)) \(scaled(-8)) \(scaled(6)) 0"
        svg += "l\(scaled(3)) \(scaled(20))z\" fill=\"\(colour)\"/>"
        let twigs: [(Double, Double)] = [
            (-13, -13), (-12, -20), (-9, -25), (-6, -28), (-2, -30), (2, -31), (6, -28), (9, -25), (12, -19),
            (15, -13),
        ]
        let path = twigs.map { "M\(x) \(crown)l\(scaled($0.0)) \(scaled($0.1))" }.joined()
        svg += "<path d=\"\(path)\" stroke=\"\(colour)\" stroke-width=\"1.3\" fill=\"none\"/>"
    }

    private mutating func castle() {
        let left = numbers.whole(140...215)
        let foot = horizon + 14
        let shore = horizon + 34
        var hill = "M0 200V\(shore)C60 \(shore - 4) 90 \(foot - 2) \(left - 12) \(foot - 2)H\(left + 150)"
        hill += "C\(left + 190) \(foot) 430 \(horizon + 40) 478 \(horizon + 42)V200z"
        fill(5, hill)
        var path = "M\(left + 20) \(foot)v-34h24l26-26 26 26h16V\(foot)z"
        for (x, width, height, roof) in [(2, 18, 50, 20), (110, 18, 44, 26)] {
            path += "M\(left + x) \(foot)V\(foot - height)l\(width / 2)-\(roof)l\(width / 2) \(roof)V\(foot)z"
        }
        for window in 0..<5 { path += "M\(left + 28 + window * 15) \(foot - 14)v8h5v-8q-2.5-4-5 0z" }
        svg += "<path fill-rule=\"evenodd\" fill=\"\(colours[6])\" d=\"\(path)\"/>"
    }

    private mutating func fill(_ colour: Int, _ path: String) {
        svg += "<path d=\"\(path)\" fill=\"\(colours[colour])\"/>"
    }

    private func whole(_ value: Double) -> Int { Int(value.rounded()) }
}
