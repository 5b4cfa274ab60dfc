// Card verifiable certificates, requests and devices from any bytes: read or not, they never
// lead to the pinned root unless they are what it signed.
// sources: Sources/CLinux Sources/Secrets Sources/JSON Sources/APDU Sources/Crypto Sources/Tokens
// seed: 7F2181E47F4E819D5F290100420D444544494E4B303430303030317F494F060A04007F00070202020203864104854A608E6F7B27D4B990C0EEA68F6C1D738E0E38CC9C6D1CEEDE55C0583F0B7B37363551A876B8EC2B0DB88545ADFE418ABECD555C128BE81A5C6A0361FCA1DF5F201044454E4B3034303431343430303030307F4C10060B2B0601040181C31F0301015301005F25060206000502085F24060301000502075F3740A4D5D47D41451FCFAC7C8766EEBA2871CAA8086C6E789AF752A7968CF3310852962F428EEE0F209FBB6EB928E6DEFF8AA3CC97F4B8EDC000131683AAF291968F
// seed: 67537F213E7F4E375F29010042095554434130303030317F4916060A04007F000702020201028103C0000182030100015F200C5654313233343530303030315F370101420C5654313233343530303030315F370101
import Crypto
import Tokens

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    guard let scheme = SmartCardHSMRoot.scheme else { preconditionFailure("no root") }
    let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
    if let certificate = CardVerifiableCertificate(bytes) {
        precondition((8...16).contains(certificate.holder.utf8.count))
        precondition((8...16).contains(certificate.issuer.utf8.count))
    }
    if let root = SmartCardHSMRoot(bytes) { precondition(root == scheme, "another root") }
    let device = SmartCardHSMDevice(file: bytes)
    if let request = SmartCardHSMRequest(bytes) {
        precondition((8...16).contains(request.device.utf8.count))
        if let device { precondition(!request.isVouchedFor(by: device, under: scheme)) }
    }
    _ = device?.leads(to: scheme)
    return 0
}
