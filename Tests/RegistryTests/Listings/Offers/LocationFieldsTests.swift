import Testing

@testable import Registry

struct LocationFieldsTests {
    @Test func `a point is written without the dust of binary fractions, and read back`() throws {
        let point = LocationWriting.Point(latitude: 56.8217, longitude: 14.753100000000002)
        #expect(LocationFields.written(point) == "56.8217, 14.7531")
        let read = try #require(LocationFields.point(LocationFields.written(point)))
        #expect(read == LocationWriting.Point(latitude: 56.8217, longitude: 14.7531))
    }
}
