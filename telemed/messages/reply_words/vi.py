"""Vietnamese answers; a word typed without any diacritics is found as well, except one marked by `=`."""

from telemed.messages.reply_words.lexicon import Lexicon

LEXICON = Lexicon(
    wrong_number="""
        nhầm số; nhầm máy; nhầm người; nhầm rồi; nhắn nhầm; gọi nhầm; gửi nhầm; nhầm; sai số;
        sai người; sai rồi; không phải tôi; không phải là tôi; tôi không phải; không phải người này;
        không phải mình; không biết người này; không quen; số này không phải; không phải số;
        không phải của; tôi không đặt; tôi không hẹn; không có đặt; không đặt lịch;
        không đăng ký khám""",
    stop="""
        dừng; ngừng; ngưng; đừng nhắn; dừng nhắn; đừng gửi; không nhận tin; không muốn nhận;
        không nhắn; hủy đăng ký; huỷ đăng ký; hủy nhận tin; thôi nhắn; thôi gửi; đừng làm phiền;
        đừng gọi; ngừng gửi; ngừng nhắn; chặn; đừng nhắn tin; đừng nhắn nữa""",
    help="""
        giúp; giúp tôi; trợ giúp; địa chỉ; ở đâu; chỗ nào; ai đấy; ai đó; ai vậy; ai thế; gọi lại;
        gọi cho; gọi điện; điện lại; điện cho; cần mang; mang theo; mang gì; bao nhiêu; không hiểu;
        chưa hiểu; đến muộn #; đến trễ; muộn # phút; trễ # phút; tới trễ; sẽ trễ; bị trễ; đường nào;
        làm sao; làm thế nào; giấy tờ; muốn hỏi; cho hỏi; qua đời; mất rồi""",
    move="""
        đổi; đổi ngày; đổi lịch; đổi giờ; đổi hẹn; dời; hẹn lại; hôm khác; ngày khác; giờ khác;
        lịch khác; khi khác; lúc khác; dịp khác; hẹn khác; tuần sau; tuần tới; tháng sau;
        chuyển sang; chuyển lịch; chuyển ngày; chuyển qua; hoãn; muộn hơn; sớm hơn; trễ hơn;
        sắp xếp lại; đặt lại; ngày mốt; ngày kia; hôm sau""",
    maybe="""
        bị hủy; bị huỷ; đã hủy; đã huỷ; không @; lúc @; @ giờ; @ h; chưa biết; không biết; ko biết;
        để xem; có thể; không chắc; chưa chắc; chắc là; có lẽ; xem đã; đừng hủy; không hủy;
        đừng huỷ; không huỷ; có không; hay không; chưa rõ; không rõ; tùy; hình như; ok không;
        được không""",
    but="nhưng; nếu; hoặc; hay; =chỉ",
    ask="=đâu; sao; ai; gì; mấy giờ; khi nào; bao giờ; thế nào; có ~ không; có phải",
    when="""
        thứ hai; thứ ba; thứ tư; thứ năm; thứ sáu; thứ bảy; chủ nhật; chiều; buổi chiều; =tối;
        buổi tối; cuối tuần; chiều mai""",
    comes="""
        sẽ đến; tôi đến; con đến; em đến; cháu đến; bác đến; sẽ đi; sẽ tới; tôi tới; tôi đi; em đi;
        đến đúng giờ; xác nhận; đồng ý; có đến; có đi; có tới; đúng rồi; sẽ có mặt; có mặt;
        tất nhiên; dĩ nhiên; đi được; đến được; tới được; không sao; không vấn đề; không có vấn đề;
        không thể không đến; không thể không đi; yên tâm; chắc chắn; nhất định; đừng lo; đang đến;
        đang đi""",
    stays_away="""
        không đến; không đi; không tới; không thể đến; không thể đi; không thể tới; không đến được;
        không đi được; không tới được; ko đi; ko đến; ko tới; ko đi được; ko đến được; ko đi dc;
        ko den dc; k đi; k đến; k đi được; k đến được; không đi đc; không đến đc; không đi dc;
        không đến dc; chẳng đi; chưa đi được; chưa đến được; thôi không; không khám; không thể;
        không tham gia; không sắp xếp được; nghỉ khám""",
    calls_off="""
        hủy; huỷ; hủy lịch; hủy hẹn; huỷ lịch; huỷ hẹn; hủy ~ giúp; huỷ ~ giúp; hủy giúp; huỷ giúp;
        từ chối; bỏ hẹn; bỏ lịch""",
    yes="""
        có; vâng; ừ; ờ; uh; uhm; ok; okie; được; đc; dc; một; ừm; =đúng; nhất trí; rồi; chuẩn;
        có chứ; dạ có; dạ được""",
    no="không; ko; k; kh; hok; hông; khg; hai; không được; ko được; ko dc; chưa được",
    negates="không; đừng; chưa; chẳng; ko; k; khỏi",
    fill="""
        xin lỗi nhưng; tôi; em; con; cháu; mình; ạ; dạ; nhé; nha; cảm ơn; cám ơn; cảm; ơn; xin lỗi;
        xin; mai; ngày mai; hôm nay; lịch; hẹn; chào; bác sĩ; sẽ; lúc; giờ; với; mẹ; con gái; anh;
        chị; bác; cô; chú; nữa; hộ; ốm; bị; bận; việc; đau; vì; thôi; lại; bệnh; nhiều; quá; lắm;
        đi; đến""",
)
