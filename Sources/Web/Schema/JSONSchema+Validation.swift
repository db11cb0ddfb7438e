extension JSONSchema {
    /// Everything in a value that breaks this shape, in the order of the value; empty when it fits.
    ///
    /// - Parameter pointer: where the value stands in its document (RFC 6901). At most 50 errors are listed.
    public func errors(in value: JSON, at pointer: String = "") -> [FieldError] {
        var errors: [FieldError] = []
        check(value, at: pointer, into: &errors)
        return errors
    }

    private func check(_ value: JSON, at pointer: String, into errors: inout [FieldError]) {
        guard errors.count < 50 else { return }
        if value == .null, isNullable { return }
        switch (shape, value) {
        case (.any, _): break
        case (.string(let rules), .string(let text)):
            if let fault = rules.fault(in: text) { errors.append(fault.error(at: .pointer(pointer))) }
        case (.integer(let range), _):
            guard let number = Self.whole(value) else { return errors.append(wrongType(at: pointer)) }
            if let range, !range.contains(number) {
                errors.append(
                    Fault.outOfRange(range.lowerBound, range.upperBound).error(at: .pointer(pointer))
                )
            }
        case (.number(let range), .integer(let number)):
            check(Double(number), in: range, at: pointer, into: &errors)
        case (.number(let range), .number(let number)): check(number, in: range, at: pointer, into: &errors)
        case (.boolean, .bool): break
        case (.array(let items, let count, let unique), .array(let values)):
            check(values, items: items, count: count, unique: unique, at: pointer, into: &errors)
        case (.object(let properties, let open), .object(let members)):
            check(members, properties: properties, open: open, at: pointer, into: &errors)
        case (.map(let values), .object(let members)):
            for pair in members.pairs {
                values.check(pair.value, at: pointer.descending(to: pair.name), into: &errors)
            }
        case (.either(let one, let other), _):
            let faults = one.errors(in: value, at: pointer)
            let others = other.errors(in: value, at: pointer)
            guard !faults.isEmpty, !others.isEmpty else { return }
            // Of two lists of errors the one that does not merely complain of the type helps more.
            errors += faults.first?.code == "wrong-type" ? others : faults
        default: errors.append(wrongType(at: pointer))
        }
    }

    private func check(
        _ number: Double,
        in range: ClosedRange<Double>?,
        at pointer: String,
        into errors: inout [FieldError]
    ) {
        guard let range, !range.contains(number) else { return }
        errors.append(Fault.outOfRange(range.lowerBound, range.upperBound).error(at: .pointer(pointer)))
    }

    private func check(
        _ values: [JSON],
        items: JSONSchema,
        count: ClosedRange<Int>?,
        unique: Bool,
        at pointer: String,
        into errors: inout [FieldError]
    ) {
        if let count, !count.contains(values.count) {
            errors.append(Fault.count(count).error(at: .pointer(pointer)))
            if values.count > count.upperBound { return }
        }
        if unique, Set(values).count != values.count {
            errors.append(Fault.repeatedItem.error(at: .pointer(pointer)))
        }
        for (position, item) in values.enumerated() {
            items.check(item, at: pointer.descending(to: String(position)), into: &errors)
        }
    }

    private func check(
        _ members: JSON.Members,
        properties: [Property],
        open: Bool,
        at pointer: String,
        into errors: inout [FieldError]
    ) {
        let given = Dictionary(members.pairs.map { ($0.name, $0.value) }) { first, _ in first }
        for property in properties {
            if let value = given[property.name] {
                property.schema.check(value, at: pointer.descending(to: property.name), into: &errors)
            } else if property.required {
                errors.append(Fault.missing.error(at: .pointer(pointer.descending(to: property.name))))
            }
        }
        guard !open else { return }
        let known = Set(properties.map(\.name))
        for pair in members.pairs where !known.contains(pair.name) {
            errors.append(Fault.unknownMember.error(at: .pointer(pointer.descending(to: pair.name))))
        }
    }

    /// JSON Schema counts 2.0 as an integer.
    private static func whole(_ value: JSON) -> Int? {
        switch value {
        case .integer(let number): Int(number)
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }

    private func wrongType(at pointer: String) -> FieldError {
        let expected: Localized =
            switch shape {
            case .any, .either: Localized(sv: "ett värde", en: "a value")
            case .string: Localized(sv: "en text", en: "a string")
            case .integer: Localized(sv: "ett heltal", en: "an integer")
            case .number: Localized(sv: "ett tal", en: "a number")
            case .boolean: Localized(sv: "true eller false", en: "true or false")
            case .array: Localized(sv: "en lista", en: "an array")
            case .object, .map: Localized(sv: "ett objekt", en: "an object")
            }
        return .pointer(
            pointer,
            "wrong-type",
            Localized(sv: "Här ska stå \(expected.sv).", en: "Expected \(expected.en) here.")
        )
    }
}

extension JSONSchema.StringRules {
    /// What is wrong with a text, nil when nothing is.
    func fault(in text: String) -> Fault? {
        if let values, !values.contains(text) { return .notAChoice(values) }
        if let length, !length.contains(text.unicodeScalars.count) { return .length(length) }
        if let pattern, !pattern.accepts(text) { return .pattern }
        return nil
    }
}

extension String {
    /// The JSON pointer of a member or item inside the value at this pointer (RFC 6901 section 3); names longer
    /// than 100 characters are cut.
    func descending(to name: String) -> String {
        var escaped = ""
        for character in name.prefix(100) {
            switch character {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.append(character)
            }
        }
        return self + "/" + escaped
    }
}
