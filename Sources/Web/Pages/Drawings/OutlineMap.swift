/// A map drawn from the outlines of the six regions: land, borders, and where something lies.
///
/// The outlines are drawn once a page, as a symbol; every small map beside it only refers to them. One unit is 100 m on
/// a plain cylinder around 56.5° north, which at this size nobody tells from a better projection.
public struct OutlineMap: Sendable {
    /// A region or municipality.
    public struct Outline: Sendable {
        /// Its code.
        public var code: String
        /// Rings of longitude and latitude, each closed.
        public var rings: [[(longitude: Double, latitude: Double)]]

        /// See the properties of the same names.
        public init(code: String, rings: [[(longitude: Double, latitude: Double)]]) {
            self.code = code
            self.rings = rings
        }
    }

    /// Something to mark.
    public struct Mark: Sendable {
        /// A number or letter, short.
        public var label: String
        /// Degrees north.
        public var latitude: Double
        /// Degrees east.
        public var longitude: Double

        /// See the properties of the same names.
        public init(label: String, latitude: Double, longitude: Double) {
            self.label = label
            self.latitude = latitude
            self.longitude = longitude
        }
    }

    private let outlines: [Outline]
    private static let west = 11.9
    private static let north = 58.35
    private static let width = 3320
    private static let height = 3400

    /// - Parameter outlines: in the order in which they are drawn.
    public init(_ outlines: [Outline]) { self.outlines = outlines }

    /// The outlines as a symbol named `six`, to stand once on a page that has other drawings of this map.
    public func symbol() -> Markup {
        let paths = outlines.map { outline -> Markup in
            "<path class=\"land\" d=\"\(Markup(html: Self.path(outline)))\"/>"
        }
        return """
            <svg class="sprite" width="0" height="0" aria-hidden="true"><symbol id="six" viewBox="0 0 \(Self.width) \
            \(Self.height)">\(Markup.joined(paths))</symbol></svg>
            """
    }

    /// The whole map with marks; of those that share a place the first is drawn.
    ///
    /// - Parameter label: what it shows, for who does not see it.
    public func drawn(_ marks: [Mark], label: String) -> Markup {
        var taken: [(x: Int, y: Int)] = []
        let discs = marks.compactMap { mark -> Markup? in
            let (x, y) = Self.place(mark.latitude, mark.longitude)
            guard !taken.contains(where: { abs($0.x - x) < 90 && abs($0.y - y) < 90 }) else { return nil }
            taken.append((x, y))
            return """
                <g class="pt"><circle cx="\(x)" cy="\(y)" r="72"/><text x="\(x)" y="\(y + 28)">\(mark.label)</text></g>
                """
        }
        return """
            <svg viewBox="0 0 \(Self.width) \(Self.height)" role="img" aria-label="\(label)"><use href="#six" \
            width="\(Self.width)" height="\(Self.height)"/>\(Markup.joined(discs))</svg>
            """
    }

    /// A small map around a point, 2.39:1 and 90 km wide: a dot where the point is exact, else a ring about the area.
    ///
    /// - Parameter label: what it shows; nil when it only decorates.
    public func detail(latitude: Double, longitude: Double, isExact: Bool, label: String? = nil) -> Markup {
        let (x, y) = Self.place(latitude, longitude)
        let role: Markup =
            label.map { label -> Markup in "role=\"img\" aria-label=\"\(label)\"" } ?? "aria-hidden=\"true\""
        let mark: Markup =
            isExact
            ? "<circle class=\"dot\" cx=\"\(x)\" cy=\"\(y)\" r=\"14\"/>"
            : "<circle class=\"ring\" cx=\"\(x)\" cy=\"\(y)\" r=\"46\"/>"
        return """
            <svg class="here" viewBox="\(x - 450) \(y - 188) 900 376" preserveAspectRatio="xMidYMid slice" \(role)>\
            <use href="#six" width="\(Self.width)" height="\(Self.height)"/>\(mark)</svg>
            """
    }

    static func place(_ latitude: Double, _ longitude: Double) -> (x: Int, y: Int) {
        (
            Int(((longitude - west) * 614).rounded()),
            Int(((north - latitude) * 1113).rounded())
        )
    }

    /// Relative steps, which are short.
    private static func path(_ outline: Outline) -> String {
        outline.rings.map { ring -> String in
            var path = ""
            var last: (x: Int, y: Int)?
            for point in ring {
                let next = place(point.latitude, point.longitude)
                if let from = last {
                    if from == next { continue }
                    path += "\(next.x - from.x) \(next.y - from.y) "
                } else {
                    path += "M\(next.x) \(next.y)l"
                }
                last = next
            }
            return path.trimming(" ") + "z"
        }
        .joined()
    }
}

extension String {
    fileprivate func trimming(_ character: Character) -> String {
        var text = Substring(self)
        while text.last == character { text = text.dropLast() }
        return String(text)
    }
}
