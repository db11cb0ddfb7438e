import Testing

@testable import Web

struct MultipartBodyTests {
    private let boundary = "xyz"

    private func body(_ text: String) -> [UInt8] { Array(text.replacing("\n", with: "\r\n").utf8) }

    @Test func `fields and files are read in order, and names lose their folders`() throws {
        let text = """
            --xyz
            Content-Disposition: form-data; name="name"

            Ada Ek
            --xyz
            Content-Disposition: form-data; name="cv"; filename="C:\\\\docs\\\\cv å.pdf"
            Content-Type: application/pdf

            %PDF-1
            --not
            --xyz
            Content-Disposition: form-data; name="none"; filename=""
            Content-Type: application/octet-stream


            --xyz--

            """
        let body = try MultipartBody(body(text), boundary: boundary)
        #expect(body.pairs.map { "\($0.name)=\($0.value)" } == ["name=Ada Ek"])
        #expect(body.files.map(\.name) == ["cv å.pdf"])
        #expect(body.files.first.map { String(decoding: $0.bytes, as: UTF8.self) } == "%PDF-1\r\n--not")
    }

    @Test func `any bytes of a file come through as they are`() throws {
        let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7) } + [13, 10, 45, 45]
        let head = body("--xyz\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\n\n")
        let body = try MultipartBody(head + bytes + body("\n--xyz--\n"), boundary: boundary)
        #expect(body.files.first?.bytes == bytes)
    }

    @Test(arguments: [
        "", "--xyz--", "--xyz\n\nx\n--xyz", "--xyz\nContent-Disposition: form-data\n\nx\n--xyz--",
        "--xyz\nContent-Disposition: form-data; name=\"a\"\nx\n--xyz--",
        "--xyz\nContent-Disposition: form-data; name=\"a\"\n\n\u{0}\n--xyz--",
    ])
    func `what is cut or no form is refused`(text: String) {
        #expect(throws: Problem.self) { try MultipartBody(body(text), boundary: boundary) }
    }
}
