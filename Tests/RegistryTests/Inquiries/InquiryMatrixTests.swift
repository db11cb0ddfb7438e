import Foundation
import HTTPTypes
import Postgres
import Testing

@testable import Registry
@testable import Web

/// whoever does not belong to a case gets 403 or 404 for every address of it, and never finds it in a list.
struct InquiryMatrixTests {
    private static let regions = ["blekinge", "halland", "jonkoping", "kalmar", "kronoberg", "skane"]

    /// Every way to a case: operation, method, address behind its number, body.
    private static let ways: [(id: String, HTTPRequest.Method, String, JSON?)] = [
        ("getInquiry", .get, "", nil),
        ("changeInquiry", .patch, "", ["title": "Stulen"]),
        ("addInquiryEntry", .post, "/entries", ["kind": "note", "body": "Stulen"]),
        ("answerInquiry", .post, "/answers", ["body": "Stulen"]),
        ("offerInquiry", .post, "/handovers", ["region": "halland"]),
        (
            "settleInquiryHandover", .patch, "/handovers/0198c0de-7000-7abc-8def-000000000003",
            ["state": "accepted"]
        ),
        ("closeInquiry", .post, "/outcome", ["status": "not_pursued"]),
    ]

    /// What says how much of a list is sent, and finds nothing.
    private static let paging: Set = ["limit", "page", "cursor"]

    @Test func `every operation and every filter has its row here`() async throws {
        try await Portal.with { portal in
            let operations = Routes.operations(portal.database.databases, origin: nil).filter {
                $0.tag == "Inquiries"
            }
            // These two name no case: the one lists, the other is open to everyone.
            let rows = Set(Self.ways.map(\.id)).union(["listInquiries", "fileInquiry"])
            #expect(Set(operations.map(\.id)) == rows)
            let list = try #require(operations.first { $0.id == "listInquiries" })
            let tried = Self.filters("skane").flatMap { $0.matches(of: /[?&](\w+)=/).map { String($0.1) } }
            #expect(Set(list.parameters.map(\.name)).subtracting(Self.paging) == Set(tried))
        }
    }

    /// Every filter that could find the case of another office, or count it.
    private static func filters(_ region: String) -> [String] {
        [
            "", "?state=all", "?state=all&region=\(region)", "?state=all&q=saltangen",
            "?state=all&status=new",
            "?state=all&outcome=open", "?state=all&source=website", "?state=all&productionType=drama_series",
            "?state=all&received=2020-01-01/2199-01-01", "?answered=waiting", "?offered=true",
            "?sort=received",
            "?state=all&lostReason=unknown", "?state=all&officer=me", "?state=all&overdue=true",
        ]
    }

    @Test(arguments: regions)
    func `no office reaches, finds or counts a case of another region`(_ region: String) async throws {
        try await Portal.with { portal in
            let number = try await InquiryRoutesTests.file(portal, region: region)
            for other in Self.regions {
                let key = try await portal.key(.commissioner, region: other)
                let isOwn = other == region
                for filter in Self.filters(region) {
                    let list = try await InquiryRoutesTests.send(
                        portal,
                        .get,
                        "/inquiries" + filter,
                        key: key
                    )
                    #expect(list.status == 200, "\(filter)")
                    if !isOwn {
                        #expect(
                            list.body["total"] == 0 && list.body["items"]?.array?.isEmpty == true,
                            "\(other) \(filter)"
                        )
                    }
                }
                guard !isOwn else {
                    let list = try await InquiryRoutesTests.send(portal, .get, "/inquiries", key: key)
                    #expect(list.body["total"] == 1)
                    continue
                }
                for (_, method, address, body) in Self.ways {
                    let reply = try await InquiryRoutesTests.send(
                        portal,
                        method,
                        "/inquiries/\(number)\(address)",
                        body,
                        key: key,
                        ["If-Match": "\"1-x\""]
                    )
                    #expect(
                        [403, 404].contains(reply.status),
                        "\(other) \(method) \(address): \(reply.status)"
                    )
                    #expect(reply.body["current"] == nil)
                }
            }
            for right in [Right.searcher] {
                let key = try await portal.key(right)
                for (_, method, address, body) in Self.ways {
                    let reply = try await InquiryRoutesTests.send(
                        portal,
                        method,
                        "/inquiries/\(number)\(address)",
                        body,
                        key: key,
                        ["If-Match": "\"1-x\""]
                    )
                    #expect(reply.status == 403, "\(right) \(method) \(address)")
                }
                #expect(try await InquiryRoutesTests.send(portal, .get, "/inquiries", key: key).status == 403)
            }
            for (_, method, address, body) in Self.ways {
                let reply = try await InquiryRoutesTests.send(
                    portal,
                    method,
                    "/inquiries/\(number)\(address)",
                    body
                )
                #expect(reply.status == 401, "\(method) \(address)")
            }
            // Nothing of all that changed anything.
            let key = try await portal.key(.commissioner, region: region)
            let record = try await InquiryRoutesTests.send(portal, .get, "/inquiries/\(number)", key: key)
            #expect(record.body["version"] == 1 && record.body["title"] == "Saltängen")
            #expect(record.body["entries"]?.array?.count == 1)
        }
    }

    @Test func `the pages of another office's case are 404, and their forms change nothing`() async throws {
        try await Portal.with { portal in
            let number = try await InquiryRoutesTests.file(portal, region: "kronoberg")
            let kalmar = try await portal.member("Ivar Hallin", .commissioner, region: "kalmar")
            let searcher = try await portal.member("Ada Ek", .searcher)
            let own = try await kalmar.get("/sv/inquiries/log")
            #expect(own.status == 200)
            for address in ["", "/edit"] {
                #expect(try await kalmar.get("/sv/inquiries/\(number)\(address)").status == 404)
                #expect(try await searcher.get("/sv/inquiries/\(number)\(address)").status == 403)
                #expect(try await portal.stranger().get("/sv/inquiries/\(number)\(address)").status == 303)
            }
            for address in ["/entries", "/work", "/outcome", "/handover", "/link", "/edit"] {
                let reply = try await kalmar.post(
                    "/sv/inquiries/\(number)\(address)",
                    [
                        "kind": "note", "body": "x", "version": "1", "outcome": "not_pursued",
                        "toRegion": "skane",
                        "title": "x", "send": "1", "source": "phone",
                    ],
                    from: own
                )
                #expect([403, 404].contains(reply.status), "\(address) \(reply.status)")
            }
            for address in ["", "?state=all", "?state=all&region=kronoberg", "?q=\(number)&state=all"] {
                let list = try await kalmar.get("/sv/inquiries" + address)
                #expect(
                    list.status == 200 && !list.text.contains(number) || address.hasPrefix("?q"),
                    "\(address)"
                )
                #expect(!list.text.contains("Saltängen"))
            }
            let figures = try await kalmar.get("/sv/inquiries/figures?region=kronoberg")
            #expect(figures.status == 200 && !figures.text.contains("received="))
            #expect(try await searcher.get("/sv/inquiries").status == 403)
        }
    }
}
