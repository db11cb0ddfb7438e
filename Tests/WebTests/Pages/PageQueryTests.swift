import Testing

@testable import Web

@Suite struct PageQueryTests {
    @Test func `what was written is read back`() {
        var query = PageQuery()
        query.add("q", "räv & å+b=c%")
        query.add("dates", "2027-03-01/2027-03-12,2027-03-20")
        query.add("empty", "")
        #expect(query.encoded == "q=r%C3%A4v+%26+%C3%A5%2Bb%3Dc%25&dates=2027-03-01/2027-03-12,2027-03-20")
        #expect(PageQuery(query.encoded) == query)
        #expect(query.address("/sv/crew").hasPrefix("/sv/crew?q="))
        #expect(PageQuery().address("/sv/crew") == "/sv/crew")
    }

    @Test func `a list is several names, commas, or both`() {
        let query = PageQuery("role=a,b&role=+c+&role=&q=%20x%20&q=y")
        #expect(query.list("role") == ["a", "b", "c"])
        #expect(query.first("q") == "x")
        #expect(query.first("dates") == nil)
    }

    @Test func `escapes that are no text are left out`() {
        #expect(PageQuery("a=%FF&b=%zz&c=1").items.map(\.name) == ["c"])
    }
}
