extension JSONSchema {
    /// Every code in a value that its vocabulary does not have, in the order of the value.
    ///
    /// - Parameters:
    ///   - known: the codes of each vocabulary; one that is missing is not judged.
    ///   - pointer: where the value stands in its document.
    public func unknownCodes(in value: JSON, among known: [String: [String]], at pointer: String = "")
        -> [FieldError]
    {
        switch (shape, value) {
        case (.string(let rules), .string(let code)):
            guard let codes = rules.vocabulary.flatMap({ known[$0] }), !codes.contains(code) else {
                return []
            }
            return [Fault.unknownCode(code).error(at: .pointer(pointer))]
        case (.array(let item, _, _), .array(let values)):
            return values.enumerated().flatMap { position, value in
                item.unknownCodes(in: value, among: known, at: pointer.descending(to: String(position)))
            }
        case (.object(let properties, _), .object(let members)):
            return properties.flatMap { property in
                members[property.name].map {
                    property.schema.unknownCodes(
                        in: $0,
                        among: known,
                        at: pointer.descending(to: property.name)
                    )
                } ?? []
            }
        case (.either(let one, let other), _):
            return (one.errors(in: value).isEmpty ? one : other).unknownCodes(
                in: value,
                among: known,
                at: pointer
            )
        default: return []
        }
    }

    /// Every code in the items of a list parameter that its vocabulary does not have.
    func unknownCodes(in items: [String], among known: [String: [String]], of field: String) -> [FieldError] {
        guard case .array(let item, _, _) = shape, case .string(let rules) = item.shape,
            let codes = rules.vocabulary.flatMap({ known[$0] })
        else { return [] }
        return items.filter { !codes.contains($0) }.map { Fault.unknownCode($0).error(at: .field(field)) }
    }
}
