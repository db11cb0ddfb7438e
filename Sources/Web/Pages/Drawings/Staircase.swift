/// The staircase of cooperation: how high each region stands, its horizon on top of its step.
///
/// A step is as high as the level that is reached; a dashed line over it is a higher level that is chosen. Two
/// drawings of the same: side by side for wide screens, one under the other for narrow ones. What varies is an
/// attribute or a class, never a `style`; the words are given by the page, and the same stands in a table beside it.
public struct Staircase: Hashable, Sendable {
    /// One region.
    public struct Step: Hashable, Sendable {
        /// Names the horizon, `h-skane` of the sprite.
        public var code: String
        /// The region's name.
        public var name: String
        /// The levels in words.
        public var caption: String
        /// 0 to 3.
        public var reached: Int
        /// 1 to 3; nil when none is chosen.
        public var chosen: Int?

        /// See the properties of the same names.
        public init(code: String, name: String, caption: String, reached: Int, chosen: Int?) {
            self.code = code
            self.name = name
            self.caption = caption
            self.reached = min(max(reached, 0), Staircase.levels)
            self.chosen = chosen.map { min(max($0, 1), Staircase.levels) }
        }
    }

    /// From left to right.
    public var steps: [Step]
    static let levels = 3

    /// See the property of the same name.
    public init(_ steps: [Step]) { self.steps = steps }

    /// Where the top of a level lies in the wide drawing.
    private static func top(_ level: Int) -> Int { level == 0 ? 308 : 330 - 68 * level }

    /// Side by side, for wide screens.
    /// - Parameter label: the same in words, for who does not see it.
    public func drawn(label: String) -> Markup {
        let width = 200 * steps.count
        var svg =
            "<svg viewBox=\"-56 0 \(width + 56) 380\" role=\"img\" aria-label=\"\(Markup.escape(label))\">"
        for level in 1...Self.levels {
            let y = Self.top(level)
            svg += "<path class=\"rule\" d=\"M-20 \(y)H\(width)\"/>"
            svg += "<text class=\"lv\" x=\"-44\" y=\"\(y + 8)\">\(level)</text>"
        }
        for (place, step) in steps.enumerated() {
            let (x, y) = (200 * place, Self.top(step.reached))
            svg += "<rect class=\"step\" x=\"\(x)\" y=\"\(y)\" width=\"200\" height=\"\(400 - y)\"/>"
            if let chosen = step.chosen, chosen > step.reached {
                svg += "<path class=\"aim\" d=\"M\(x + 10) \(Self.top(chosen))H\(x + 190)\"/>"
            }
            // The foot of a horizon lies at 30 of its 36 units.
            svg += "<svg class=\"glyph\" x=\"\(x)\" y=\"\(y - 50)\" width=\"200\" height=\"60\">"
            svg += "<use href=\"#h-\(Markup.escape(step.code))\"/></svg>"
            if place > 0 {
                let before = Self.top(steps[place - 1].reached)
                if before != y { svg += "<path class=\"glyph\" d=\"M\(x) \(before)V\(y)\"/>" }
            }
            svg += "<text class=\"big\" x=\"\(x + 18)\" y=\"342\">\(Markup.escape(step.name))</text>"
            svg += "<text x=\"\(x + 18)\" y=\"364\">\(Markup.escape(step.caption))</text>"
        }
        return Markup(html: svg + "</svg>")
    }

    /// One under the other, for narrow screens: text keeps its size at 360 units across.
    /// - Parameter label: the same in words, for who does not see it.
    public func drawnNarrow(label: String) -> Markup {
        let row = 64
        var svg =
            "<svg viewBox=\"0 0 360 \(row * steps.count)\" role=\"img\" aria-label=\"\(Markup.escape(label))\">"
        for (place, step) in steps.enumerated() {
            let y = row * place
            if place > 0 { svg += "<path class=\"rule\" d=\"M0 \(y)H360\"/>" }
            svg += "<text class=\"big\" x=\"14\" y=\"\(y + 31)\">\(Markup.escape(step.name))</text>"
            svg += "<text x=\"14\" y=\"\(y + 51)\">\(Markup.escape(step.caption))</text>"
            for level in 1...Self.levels {
                let height = 2 + 14 * level
                let kind = level <= step.reached ? "got" : level <= step.chosen ?? 0 ? "aim" : "rest"
                svg += "<rect class=\"\(kind)\" x=\"\(186 + 54 * level - 54)\" y=\"\(y + 54 - height)\""
                svg += " width=\"50\" height=\"\(height)\"/>"
            }
        }
        return Markup(html: svg + "</svg>")
    }
}
