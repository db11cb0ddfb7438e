import Testing

@testable import Postgres

struct EmptyArrayTests {
    @Test
    func `an empty array of texts is sent as an array without dimensions, not as bytes`() {
        let sql: SQL = "SELECT \([String]())"
        // array_recv: number of dimensions, flags, element type text (25).
        #expect(sql.values.bytes == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25])
    }

    @Test
    func `no bytes are sent as no bytes`() {
        let sql: SQL = "SELECT \([UInt8]())"
        #expect(sql.values.bytes.isEmpty)
    }
}
