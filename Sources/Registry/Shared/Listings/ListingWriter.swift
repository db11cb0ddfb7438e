internal import NIOCore
internal import Postgres
internal import Web

/// Writes answers to searches of companies and locations as JSON text; items are copied as the database wrote them.
enum ListingWriter {
    /// - Parameter codes: the member of `understood` with the codes that the text named: `type`, `category`.
    static func list(_ results: ListingResults, codes: String) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(results.items.reduce(2000) { $0 + $1.body.count + 200 })
        buffer.writeStaticString(#"{"items":["#)
        var last: (availability: CrewAvailability, text: ByteBuffer)?
        for (place, item) in results.items.enumerated() {
            if place > 0 { buffer.writeStaticString(",") }
            // Neighbours often have the same: those that are free on all days.
            if let availability = item.availability, last?.availability != availability {
                var text = ByteBuffer()
                CrewWriter.write(availability, to: &text)
                last = (availability, text)
            }
            CrewWriter.write(item, last?.text, to: &buffer, measured: results.isMeasured)
        }
        buffer.writeString(#"],"total":\#(results.total),"next":"#)
        buffer.writeString(results.next.map { "\"\($0)\"" } ?? "null")
        if !results.facets.isEmpty { write(results.facets, to: &buffer) }
        if let understood = results.understood {
            let value: JSON = .object(
                JSON.Members([
                    (codes, .array(understood.codes.map(JSON.string))),
                    ("text", understood.text.map(JSON.string) ?? .null),
                ])
            )
            CrewWriter.write("understood", value, to: &buffer)
        }
        if !results.beyondCalendar.isEmpty {
            CrewWriter.write(
                "beyondCalendar",
                .array(results.beyondCalendar.ranges.map(JSON.init(days:))),
                to: &buffer
            )
        }
        buffer.writeStaticString("}")
        return buffer
    }

    private static func write(
        _ facets: [(name: String, counts: [CrewResults.Count])],
        to buffer: inout ByteBuffer
    ) {
        buffer.writeStaticString(#","facets":{"#)
        for (place, facet) in facets.enumerated() {
            buffer.writeString("\(place > 0 ? "," : "")\"\(facet.name)\":[")
            for (place, count) in facet.counts.enumerated() {
                // Codes have neither quotes nor anything else to escape.
                buffer.writeString(
                    #"\#(place > 0 ? "," : ""){"value":"\#(count.value)","count":\#(count.count)}"#
                )
            }
            buffer.writeStaticString("]")
        }
        buffer.writeStaticString("}")
    }
}
