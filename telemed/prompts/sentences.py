"""What a voice call says, in every language: fixed sentences between which day and time are put."""

from typing import NamedTuple


class Call(NamedTuple):
    """The sentences of one language. Who listens may not be the patient: nothing tells who or what for."""

    hello: str
    reminder: str
    moved: str
    cancelled: str
    come_now: str
    choose: str
    confirmed: str
    freed: str
    stopped: str
    person: str
    again: str
    goodbye: str
    offer: str
    late: str
    call: str
    counter: str


CALLS = {
    "bg": Call(
        hello="Добър ден. Обажда се Телемед.",
        reminder="Напомняме ви, че имате записан час",
        moved="Записаният ви час е преместен. Новият час е",
        cancelled="Съжаляваме, отменен е часът ви",
        come_now="Моля, елате сега. Вашият ред дойде.",
        choose="Ако ще дойдете, натиснете едно. Ако няма да дойдете, натиснете две."
        " За да чуете всичко отново, натиснете три. Ако не искате да ви звъним, натиснете девет.",
        confirmed="Благодарим. Очакваме ви.",
        freed="Благодарим, че ни казахте. Часът ви е отменен.",
        stopped="Няма повече да ви звъним на този номер.",
        person="Ще ви се обади човек.",
        again="Не чухме отговор.",
        goodbye="Дочуване.",
        offer="Освободи се час, можем да го запазим за вас",
        late="За съжаление вече е късно за това.",
        call="Моля, обадете се на номер",
        counter="Моля, попитайте на гишето.",
    ),
    "en": Call(
        hello="Hello. This is Telemed.",
        reminder="We remind you that you have an appointment",
        moved="Your appointment has been moved. The new time is",
        cancelled="We are sorry. This appointment is cancelled:",
        come_now="Please come now. It is your turn.",
        choose="If you will come, press one. If you will not come, press two."
        " To hear everything again, press three. If you do not want us to ring, press nine.",
        confirmed="Thank you. We look forward to seeing you.",
        freed="Thank you for telling us. Your appointment is cancelled.",
        stopped="We will not ring this number any more.",
        person="Somebody will call you.",
        again="We heard no answer.",
        goodbye="Goodbye.",
        offer="A time has become free that we can keep for you",
        late="We are sorry, it is too late for that.",
        call="Please call the number",
        counter="Please ask at the counter.",
    ),
    "tr": Call(
        hello="İyi günler. Telemed'den arıyoruz.",
        reminder="Randevunuzu hatırlatmak istiyoruz:",
        moved="Randevunuz değiştirildi. Yeni zamanı:",
        cancelled="Üzgünüz, şu randevunuz iptal edildi:",
        come_now="Lütfen şimdi gelin. Sıranız geldi.",
        choose="Gelecekseniz biri tuşlayın. Gelmeyecekseniz ikiyi tuşlayın."
        " Tekrar dinlemek için üçü tuşlayın. Aranmak istemiyorsanız dokuzu tuşlayın.",
        confirmed="Teşekkür ederiz. Sizi bekliyoruz.",
        freed="Haber verdiğiniz için teşekkür ederiz. Randevunuz iptal edildi.",
        stopped="Bu numarayı bir daha aramayacağız.",
        person="Bir görevli sizi arayacak.",
        again="Yanıt alamadık.",
        goodbye="Hoşça kalın.",
        offer="Sizin için ayırabileceğimiz bir saat boşaldı:",
        late="Üzgünüz, bunun için artık çok geç.",
        call="Lütfen şu numarayı arayın:",
        counter="Lütfen gişeye sorun.",
    ),
    "uk": Call(
        hello="Добрий день. Вам телефонує Телемед.",
        reminder="Нагадуємо, що у вас запис на прийом",
        moved="Ваш запис перенесено. Новий час:",
        cancelled="На жаль, скасовано ваш запис",
        come_now="Будь ласка, приходьте зараз. Ваша черга.",
        choose="Якщо ви прийдете, натисніть один. Якщо не прийдете, натисніть два."
        " Щоб почути все ще раз, натисніть три. Якщо не хочете, щоб ми дзвонили, натисніть дев'ять.",
        confirmed="Дякуємо. Чекаємо на вас.",
        freed="Дякуємо, що повідомили. Ваш запис скасовано.",
        stopped="Ми більше не дзвонитимемо на цей номер.",
        person="Вам зателефонує людина.",
        again="Ми не почули відповіді.",
        goodbye="До побачення.",
        offer="Звільнився час, ми можемо записати вас",
        late="На жаль, для цього вже запізно.",
        call="Будь ласка, зателефонуйте за номером",
        counter="Будь ласка, запитайте на пошті.",
    ),
    "ru": Call(
        hello="Добрый день. Вам звонит Телемед.",
        reminder="Напоминаем, что вы записаны на приём",
        moved="Ваша запись перенесена. Новое время:",
        cancelled="К сожалению, отменена ваша запись",
        come_now="Пожалуйста, приходите сейчас. Подошла ваша очередь.",
        choose="Если вы придёте, нажмите один. Если не придёте, нажмите два."
        " Чтобы услышать всё ещё раз, нажмите три. Если не хотите, чтобы мы звонили, нажмите девять.",
        confirmed="Спасибо. Ждём вас.",
        freed="Спасибо, что сообщили. Ваша запись отменена.",
        stopped="Мы больше не будем звонить на этот номер.",
        person="Вам позвонит сотрудник.",
        again="Мы не услышали ответа.",
        goodbye="До свидания.",
        offer="Освободилось время, мы можем записать вас",
        late="К сожалению, для этого уже поздно.",
        call="Пожалуйста, позвоните по номеру",
        counter="Пожалуйста, спросите на почте.",
    ),
    "uz": Call(
        hello="Assalomu alaykum. Sizga Telemed qo'ng'iroq qilyapti.",
        reminder="Eslatamiz, siz qabulga yozilgansiz:",
        moved="Qabulingiz boshqa vaqtga ko'chirildi. Yangi vaqt:",
        cancelled="Afsuski, qabulingiz bekor qilindi:",
        come_now="Iltimos, hozir keling. Navbatingiz keldi.",
        choose="Agar kelsangiz, birni bosing. Agar kelmasangiz, ikkini bosing."
        " Yana eshitish uchun uchni bosing. Qo'ng'iroq qilmasligimizni istasangiz, to'qqizni bosing.",
        confirmed="Rahmat. Sizni kutamiz.",
        freed="Xabar berganingiz uchun rahmat. Qabulingiz bekor qilindi.",
        stopped="Bu raqamga boshqa qo'ng'iroq qilmaymiz.",
        person="Sizga xodim qo'ng'iroq qiladi.",
        again="Javob eshitmadik.",
        goodbye="Xayr.",
        offer="Bo'sh vaqt chiqdi, uni siz uchun band qilishimiz mumkin:",
        late="Afsuski, buning uchun endi kech.",
        call="Iltimos, shu raqamga qo'ng'iroq qiling:",
        counter="Iltimos, pochtadan so'rang.",
    ),
    "vi": Call(
        # Spelled as it sounds: the voice would read the Latin name in English.
        hello="Xin chào. Đây là Tê lê mét.",
        reminder="Xin nhắc bạn có lịch hẹn",
        moved="Lịch hẹn của bạn đã được đổi. Giờ mới là",
        cancelled="Rất tiếc, lịch hẹn sau đây của bạn đã bị hủy:",
        come_now="Xin mời bạn đến ngay. Đã đến lượt bạn.",
        choose="Nếu bạn sẽ đến, xin bấm một. Nếu bạn không đến, xin bấm hai."
        " Để nghe lại, xin bấm ba. Nếu không muốn nhận cuộc gọi, xin bấm chín.",
        confirmed="Cảm ơn bạn. Chúng tôi chờ bạn.",
        freed="Cảm ơn bạn đã báo. Lịch hẹn của bạn đã được hủy.",
        stopped="Chúng tôi sẽ không gọi số này nữa.",
        person="Sẽ có người gọi cho bạn.",
        again="Chúng tôi không nghe thấy câu trả lời.",
        goodbye="Tạm biệt.",
        offer="Vừa có một giờ trống, chúng tôi có thể giữ cho bạn",
        late="Rất tiếc, đã quá muộn để làm việc này.",
        call="Xin gọi số",
        counter="Xin hỏi tại quầy.",
    ),
}
