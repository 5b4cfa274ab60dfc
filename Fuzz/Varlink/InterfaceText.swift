// An interface text is taken or refused with a place, in bounded time; the types of one that
// is taken, written again, are taken again and say the same.
// sources: Sources/CLinux Sources/System Sources/Secrets Sources/JSON Sources/Varlink
// seed: 23206E6F74650A696E74657266616365206F72672E6578616D706C652E740A7479706520412028613A203F5B5D737472696E672C20623A205B737472696E675D2878292C20633A202879293F290A6D6574686F64204D28293A202D3E2028290A
// seed: 696E7465726661636520612E620A0A23206E6F74650A7479706520412028612C206229206572726F722042202829
// seed: 696E7465726661636520612E620A6D6574686F64204D28613A20412C20623A203F5B5D5B737472696E675D696E7429202D3E2028290A747970652041202878290A6572726F7220452028290A
import Varlink

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    let parsed: InterfaceDescription
    do throws(InterfaceError) {
        parsed = try InterfaceDescription(parsing: text)
    } catch {
        precondition(error.line > 0 && error.column > 0 && !error.description.isEmpty)
        return 0
    }
    guard let again = try? InterfaceDescription(parsing: written(parsed)) else {
        fatalError("what was taken is refused when written again")
    }
    precondition(written(again) == written(parsed), "says otherwise")
    return 0
}

private func written(_ interface: InterfaceDescription) -> String {
    var text = "interface \(interface.name)\n"
    for member in interface.members {
        switch member.kind {
        case .type(let type): text += "type \(member.name) \(type)\n"
        case .error(let fields):
            text +=
                "error \(member.name) \(InterfaceDescription.TypeExpression.structure(fields))\n"
        case .method(let parameters, let reply):
            text +=
                "method \(member.name)\(InterfaceDescription.TypeExpression.structure(parameters))"
                + " -> \(InterfaceDescription.TypeExpression.structure(reply))\n"
        }
    }
    return text
}
