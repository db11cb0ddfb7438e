internal import NIOCore
internal import Postgres
internal import Web

/// Writes answers about crew as JSON text. Records are copied as the database wrote them; what belongs to the search
/// is added at their end.
enum CrewWriter {
    /// The answer to a search, members in the order of the documentation.
    static func list(_ results: CrewResults) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(results.items.reduce(2000) { $0 + $1.body.count + 200 })
        buffer.writeStaticString(#"{"items":["#)
        var last: (availability: CrewAvailability, text: ByteBuffer)?
        for (place, item) in results.items.enumerated() {
            if place > 0 { buffer.writeStaticString(",") }
            // Neighbours often have the same: those who are free on all days.
            if let availability = item.availability, last?.availability != availability {
                var text = ByteBuffer()
                write(availability, to: &text)
                last = (availability, text)
            }
            write(item, last?.text, to: &buffer, measured: results.isMeasured)
        }
        buffer.writeString(#"],"total":\#(results.total),"next":"#)
        buffer.writeString(results.next.map { "\"\($0)\"" } ?? "null")
        if !results.facets.isEmpty { write(results.facets, to: &buffer) }
        if let understood = results.understood {
            write("understood", JSON(understood), to: &buffer)
        }
        if !results.beyondCalendar.isEmpty {
            write("beyondCalendar", .array(results.beyondCalendar.ranges.map(JSON.init(days:))), to: &buffer)
        }
        buffer.writeStaticString("}")
        return buffer
    }

    static func write(
        _ item: CrewItem,
        _ availability: ByteBuffer?,
        to buffer: inout ByteBuffer,
        measured: Bool
    ) {
        // The text ends with the brace that closes the object; what follows goes before it.
        buffer.writeBytes(item.body.dropLast())
        if item.availability != nil, let availability {
            buffer.writeStaticString(#","availability":"#)
            buffer.writeImmutableBuffer(availability)
        }
        if let distance = item.distance {
            buffer.writeString(#","distanceKm":\#(distance)"#)
        } else if measured {
            buffer.writeStaticString(#","distanceKm":null"#)
        }
        buffer.writeStaticString("}")
    }

    static func write(_ availability: CrewAvailability, to buffer: inout ByteBuffer) {
        buffer.writeString(#"{"state":"\#(availability.state.rawValue)","needed":\#(availability.needed)"#)
        if availability.state != .hidden {
            buffer.writeString(#","free":\#(availability.free),"held":\#(availability.held)"#)
            buffer.writeString(
                #","busy":\#(availability.busy),"unknown":\#(availability.unknown),"clashes":["#
            )
            for (place, clash) in availability.clashes.enumerated() {
                if place > 0 { buffer.writeStaticString(",") }
                buffer.writeString(
                    #"{"from":"\#(clash.from)","to":"\#(clash.to)","kind":"\#(clash.kind.rawValue)"}"#
                )
            }
            buffer.writeStaticString("]")
        }
        buffer.writeStaticString("}")
    }

    private static func write(_ facets: [CrewFacet: [CrewResults.Count]], to buffer: inout ByteBuffer) {
        buffer.writeStaticString(#","facets":{"#)
        for (place, facet) in CrewFacet.allCases.filter({ facets[$0] != nil }).enumerated() {
            if place > 0 { buffer.writeStaticString(",") }
            buffer.writeString("\"\(facet.rawValue)\":[")
            for (place, count) in (facets[facet] ?? []).enumerated() {
                // Codes have neither quotes nor anything else to escape.
                buffer.writeString(
                    #"\#(place > 0 ? "," : ""){"value":"\#(count.value)","count":\#(count.count)}"#
                )
            }
            buffer.writeStaticString("]")
        }
        buffer.writeStaticString("}")
    }

    static func write(_ name: String, _ value: JSON, to buffer: inout ByteBuffer) {
        buffer.writeString(",\"\(name)\":")
        buffer.writeImmutableBuffer(value.bytes)
    }

    /// The answer to a staffing request.
    static func staffing(_ result: StaffingResult) -> JSON {
        [
            "posts": posts(result.posts),
            "regions": .object(JSON.Members(result.regions.map { ($0.region, ["posts": posts($0.posts)]) })),
        ]
    }

    private static func posts(_ posts: [StaffingResult.Post]) -> JSON {
        .array(
            posts.map { post in
                [
                    "role": .string(post.role), "count": .integer(Int64(post.count)),
                    "filled": .integer(Int64(post.filled)), "gap": .integer(Int64(post.gap)),
                    "people": .array(
                        post.people.map { person in
                            [
                                "id": .string(person.id), "slug": .string(person.slug),
                                "name": .string(person.name),
                                "homeRegion": .string(person.homeRegion),
                            ]
                        }
                    ),
                ]
            }
        )
    }
}

extension JSON {
    fileprivate init(_ understood: CrewResults.Understood) {
        self = [
            "role": .array(understood.roles.map(JSON.string)),
            "text": understood.text.map(JSON.string) ?? .null,
        ]
    }

    /// An interval with both ends included.
    init(days range: DayRange) {
        self = [
            "from": .string(range.firstDay.map(\.description) ?? ""),
            "to": .string(range.lastDay.map(\.description) ?? ""),
        ]
    }
}
