import NIOCore
import Testing

@testable import Web

@Suite struct JSONParserTests {
    private func code(_ text: String) -> String? { code(Array(text.utf8)) }

    private func code(_ bytes: [UInt8]) -> String? {
        do {
            _ = try JSONParser.parse(ByteBuffer(bytes: bytes))
            return nil
        } catch {
            return error.code
        }
    }

    @Test(arguments: [
        ("null", JSON.null), (" true ", true), ("-0", 0), ("12", 12), ("1.5e3", .number(1500)),
        ("[]", .array([])),
        (#""\u00e5\ud83d\ude00\n\/""#, "å😀\n/"),
        (
            #"{"a":[1,{"b":null}]}"#,
            JSON.object(.init([("a", JSON.array([1, JSON.object(.init([("b", JSON.null)]))]))]))
        ),
        ("9223372036854775808", .number(9.223372036854775808e18)),
    ])
    func `JSON is read`(text: String, value: JSON) throws {
        #expect(try JSONParser.parse(ByteBuffer(string: text)) == value)
    }

    @Test(arguments: [
        ("", "syntax"), ("{", "syntax"), ("[1,]", "syntax"), ("{\"a\":1,}", "syntax"), ("01", "syntax"),
        ("1.", "syntax"), (".5", "syntax"), ("+1", "syntax"), ("NaN", "syntax"), ("nul", "syntax"),
        ("1 2", "syntax"),
        ("'a'", "syntax"), (#""\x""#, "syntax"), (#""\u12"#, "syntax"), ("\"a\nb\"", "syntax"),
        ("1e999999", "out-of-range"), ("1e400", "out-of-range"),
        (#""\ud800""#, "character"), (#""\udc00x""#, "character"), (#""\ud800\u0041""#, "character"),
        (#""\u0000""#, "character"), (#"{"a":1,"a":2}"#, "repeated"), ("\u{FEFF}1", "syntax"),
    ])
    func `what is no acceptable JSON is refused`(text: String, expected: String) {
        #expect(code(text) == expected)
    }

    @Test func `nesting has a limit`() {
        #expect(code(String(repeating: "[", count: 100_000)) == "too-deep")
        #expect(code(String(repeating: "{\"a\":", count: 100_000)) == "too-deep")
        #expect(code(String(repeating: "[", count: 32) + String(repeating: "]", count: 32)) == nil)
    }

    @Test func `invalid UTF-8 is refused`() {
        #expect(code([0x22, 0xFF, 0x22]) == "encoding")
        #expect(code([0x22, 0xC0, 0x80, 0x22]) == "encoding")
        #expect(code([0x22, 0xED, 0xA0, 0x80, 0x22]) == "encoding")
    }

    @Test func `random bytes never crash the parser and what it accepts survives a round trip`() throws {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array(#"{}[]",:\u0019etrufalsn.-+E "#.utf8) + [0xC3, 0xA5, 0x00, 0xFF]
        var accepted = 0
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 1...12)).map { _ in alphabet.randomElement(using: &generator) ?? 0
            }
            guard let value = try? JSONParser.parse(ByteBuffer(bytes: bytes)) else { continue }
            accepted += 1
            #expect(try JSONParser.parse(value.bytes).bytes == value.bytes)
        }
        #expect(accepted > 0)
    }

    @Test func `what is written cannot end a script element and keeps the order of its members`() {
        let value: JSON = ["b": "</script>\u{2028}\"\\\u{1}", "a": 1]
        #expect(String(buffer: value.bytes) == #"{"b":"\u003c/script>\u2028\"\\\u0001","a":1}"#)
        #expect(value.pretty == "{\n  \"b\": \"\\u003c/script>\\u2028\\\"\\\\\\u0001\",\n  \"a\": 1\n}\n")
    }
}
