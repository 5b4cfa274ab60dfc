/// The station's own reasons in words for people.
package enum ReasonWords {
    /// nil for what is none of them: an officer's reason is words already.
    package static func of(_ code: String) -> String? {
        switch code {
        case "not-locked": "Thiết bị không bị khóa"
        case "token-mismatch": "Thiết bị không phải thiết bị ghi trong văn bản đề nghị"
        case "request-differs":
            "Nội dung văn bản đề nghị khác với chứng thư chữ ký số trong thiết bị"
        case "certificate-expired": "Chứng thư chữ ký số đã hết hạn sử dụng"
        case "unblocking-blocked", "unblocking-code-blocked":
            "Mã mở khóa của thiết bị đã bị khóa, phải gửi nhà cung cấp dịch vụ"
        case "model-provisional": "Loại thiết bị chưa được kiểm nghiệm tại trạm"
        default: nil
        }
    }
}
