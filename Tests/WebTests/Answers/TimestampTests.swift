import NIOCore
import Testing

@testable import Web

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00.000Z"),
        (951_782_400_007, "Tue, 29 Feb 2000 00:00:00 GMT", "2000-02-29T00:00:00.007Z"),
        (1_795_517_009_123, "Tue, 24 Nov 2026 10:43:29 GMT", "2026-11-24T10:43:29.123Z"),
    ])
    func `an instant is written for HTTP and for logs`(milliseconds: Int, http: String, rfc3339: String) {
        #expect(Timestamp(milliseconds: milliseconds).http == http)
        #expect(Timestamp(milliseconds: milliseconds).rfc3339 == rfc3339)
    }
}

@Suite struct EntityTagTests {
    private let tag = EntityTag(version: 7, body: ByteBuffer(string: "body"), compressed: false)

    @Test func `a tag carries the version and tells compressed bytes apart`() {
        #expect(tag.text.hasPrefix("\"7-"))
        #expect(tag.text.count == 2 + 2 + 16)
        let compressed = EntityTag(version: 7, body: ByteBuffer(string: "body"), compressed: true)
        #expect(compressed.text == tag.text.dropLast() + "-gz\"")
        #expect(EntityTag(version: 7, body: ByteBuffer(string: "other"), compressed: false) != tag)
    }

    @Test func `If-None-Match matches alone, in a list, weak and by star`() {
        #expect(tag.matches(ifNoneMatch: tag.text))
        #expect(tag.matches(ifNoneMatch: "\"1-x\", W/\(tag.text)"))
        #expect(tag.matches(ifNoneMatch: "*"))
        #expect(!tag.matches(ifNoneMatch: "\"7\""))
        #expect(!tag.matches(ifNoneMatch: ""))
    }

    @Test func `If-Match tells the version that a writer has seen`() {
        #expect(version(inIfMatch: "\"12-0f3a\"") == 12)
        #expect(version(inIfMatch: "\"12-0f3a-gz\"") == 12)
        #expect(version(inIfMatch: "\"12\"") == 12)
        #expect(version(inIfMatch: "W/\"12-0f3a\"") == nil)
        #expect(version(inIfMatch: "12") == nil)
        #expect(version(inIfMatch: "*") == nil)
    }
}
