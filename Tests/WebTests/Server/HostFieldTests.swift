import Testing

@testable import Web

@Suite struct HostFieldTests {
    @Test(arguments: [
        ("localhost", "localhost", nil), ("LOCALHOST:8080", "localhost", 8080), ("[::1]:80", "[::1]", 80),
        ("klappa.example.", "klappa.example", nil), ("a_b.example:", "a_b.example", nil),
        ("127.0.0.1", "127.0.0.1", nil),
    ])
    func `a host is a name and a port`(field: String, name: String, port: Int?) {
        #expect(HostField(field)?.name == name)
        #expect(HostField(field)?.port == port)
    }

    @Test(arguments: [
        "", ":80", "a b", "a/b", "user@host", "a:99999", "a:8x", "[::1", "[]", "[::1]x", "a,b", "a\u{0}",
        "å.se", "a:80:80",
        "http://a",
    ])
    func `what is no host is refused`(field: String) {
        #expect(HostField(field) == nil)
    }
}
