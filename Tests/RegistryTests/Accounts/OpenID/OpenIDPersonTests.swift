import Foundation
import Testing

@testable import Registry
@testable import Web

@Suite struct OpenIDPersonTests {
    private static let provider = OpenIDProvider(
        key: "skane",
        name: "Region Skåne",
        issuer: TokenMaker.issuer,
        clientID: "klappa",
        domains: ["skane.example"],
        rolesClaim: "realm.roles",
        roles: [
            ClaimedRole(value: "film", right: .commissioner, scope: "skane"),
            ClaimedRole(value: "chief", right: .administrator, scope: nil),
        ]
    )

    private func person(_ claims: JSON, subject: String = "u") throws -> OpenIDPerson {
        try OpenIDPerson(subject: subject, claims: claims, provider: Self.provider)
    }

    @Test(arguments: [
        ("19850412-1234", true), ("198504121234", true), ("8504121234", true), ("850412+1234", true),
        ("urn:sub:19850472-1234", true), ("maja.198504121234@skane.example", true), ("u-4711", false),
        ("00000000-0000-0000-0000-000000000000", false), ("8513121234", false), ("123456789", false),
        ("1985041212345", false),
    ])
    func `personal identity numbers are recognised`(text: String, isOne: Bool) {
        #expect(PersonalNumber.isContained(in: text) == isOne)
    }

    @Test func `a subject is kept as a hash, a personal identity number as a slow one`() throws {
        for subject in ["u-4711", "198504121234"] {
            let hash = try OpenIDPerson.hash(subject, of: TokenMaker.issuer)
            #expect(hash.count == 32)
            #expect(try OpenIDPerson.hash(subject, of: TokenMaker.issuer) == hash)
            #expect(try OpenIDPerson.hash(subject, of: "https://other.example") != hash)
        }
        let start = ContinuousClock.now
        _ = try OpenIDPerson.hash("198504121234", of: TokenMaker.issuer)
        #expect(start.duration(to: .now) > .milliseconds(10))
    }

    @Test
    func `an address counts only when it is verified, of a domain of the provider, and nobody's number`()
        throws
    {
        func email(_ email: JSON, _ verified: JSON?) throws -> String? {
            var members = JSON.Members([("email", email)])
            members["email_verified"] = verified
            return try person(.object(members)).email
        }
        #expect(try email("maja@Skane.example", true) == "maja@Skane.example")
        #expect(try email("maja@skane.example", "true") == "maja@skane.example")
        #expect(try email("maja@skane.example", nil) == nil)
        #expect(try email("maja@skane.example", false) == nil)
        #expect(try email("maja@skane.example", 1) == nil)
        #expect(try email("maja@halland.example", true) == nil)
        #expect(try email("maja@skane.example.evil.example", true) == nil)
        #expect(try email("198504121234@skane.example", true) == nil)
        #expect(try email(["maja@skane.example"], true) == nil)
    }

    @Test func `a name with a number in it is no name`() throws {
        #expect(try person(["name": " Maja Lind "]).name == "Maja Lind")
        #expect(try person(["name": "Maja 19850412-1234"]).name == nil)
        #expect(try person(["name": ""]).name == nil)
    }

    @Test func `roles give rights, wherever the claim lies`() {
        let both = ClaimedRights.read(["realm": ["roles": ["film", "chief", "x"]]], Self.provider)
        #expect(both?.map(\.right) == [.commissioner, .administrator])
        #expect(ClaimedRights.read(["realm.roles": "film"], Self.provider)?.map(\.value) == ["film"])
        #expect(ClaimedRights.read([:], Self.provider) == [])
        var plain = Self.provider
        plain.rolesClaim = nil
        #expect(ClaimedRights.read(["realm.roles": "film"], plain) == nil)
    }

    @Test func `a role reads as it is written in the settings`() {
        let role = ClaimedRole(" CN=Film,OU=Skåne = commissioner : skane ")
        #expect(role == ClaimedRole(value: "CN=Film,OU=Skåne", right: .commissioner, scope: "skane"))
        #expect(
            ClaimedRole("chief=administrator")
                == ClaimedRole(value: "chief", right: .administrator, scope: nil)
        )
        for bad in [
            "", "film", "film=", "=searcher", "film=king", "film=commissioner:", "chief=administrator:skane",
        ] {
            #expect(ClaimedRole(bad) == nil)
        }
    }
}
