/// What a client's `Accept` or `Accept-Encoding` field says about one candidate.
public struct Accept: Sendable {
    private let items: [WeightedList.Item]?

    /// - Parameter field: the field's value (several fields joined by commas); nil when the client sent none, which
    ///   accepts everything.
    public init(_ field: String?) {
        items = field.map { WeightedList($0).items }
    }

    /// The weight of a media type such as `text/html`, in thousandths; 0 means not acceptable. The most specific
    /// range decides (`text/html`, then `text/*`, then `*/*`), RFC 9110 section 12.5.1.
    public func quality(ofMediaType type: String) -> Int {
        guard let items, !items.isEmpty else { return 1000 }
        let family = type.prefix { $0 != "/" } + "/*"
        for range in [type, String(family), "*/*"] {
            if let item = items.first(where: { $0.value.lowercased() == range }) { return item.quality }
        }
        return 0
    }

    /// The first of the given media types with the greatest weight; nil when none is acceptable.
    public func preferred(of types: [String]) -> String? {
        var best: (type: String, quality: Int)?
        for type in types {
            let quality = quality(ofMediaType: type)
            if quality > (best?.quality ?? 0) { best = (type, quality) }
        }
        return best?.type
    }

    /// Whether a content coding such as `gzip` may be used. Unlike for media types an absent field says no: a
    /// client that does not ask gets the plain bytes.
    public func allows(coding: String) -> Bool {
        guard let items else { return false }
        let named = items.first { $0.value.lowercased() == coding || $0.value.lowercased() == "x-" + coding }
        return (named ?? items.first { $0.value == "*" })?.quality ?? 0 > 0
    }
}
