"""Turkish answers."""

from telemed.messages.reply_words.lexicon import Lexicon

LEXICON = Lexicon(
    wrong_number="""
        ben değilim; bu ben değilim; o kişi ben değilim; o ben değilim; yanlış numara;
        numara yanlış; yanlış kişi*; yanlış yaz*; yanlış ara*; tanımıyorum; tanımam; böyle biri;
        öyle biri; randevu almadım; randevum yok; bana ait değil; benim değil; benim randevum değil;
        benim numaram değil; karıştır*; yanlışlık*; burada değil""",
    stop="""
        dur; durun; durdur*; mesaj atma*; mesaj gönderme*; mesaj istemiyorum; mesaj istemem;
        sms istemiyorum; sms gönderme*; sms atma*; yazmayın; yazma; listeden çık*; ret; red;
        rahatsız etme*; aramayın; göndermeyin; atmayın; mesaj almak istemiyorum; numaramı sil*;
        beni sil*; üyelik*; abonelik*; artık yazma*""",
    help="""
        yardım*; nerede; neresi; nerde; nereye; kimsiniz; siz kimsiniz; kim bu; bu kim; beni ara*;
        arayın; arar mısınız; adres*; ücret*; ne kadar; anlamadım; anlayamadım; anlamıyorum; gecik*;
        geç kal*; lazım mı; gerek* mi; gerekiyor mu; getir*; nasıl; telefon ed*; konuşmak istiyorum;
        açıkla*; vefat; öldü; hangi doktor; ne yapaca*; ne demek""",
    move="""
        başka gün*; başka bir; başka saat*; başka zaman*; başka tarih*; ertele*; haftaya;
        gelecek hafta; öbür hafta; sonraki hafta; öbür gün; öbürgün; ileri tarih*; ileri al*;
        değiştir*; değişikli*; daha geç; daha erken; daha uygun; kaydır*; alabilir miyiz;
        yeni randevu; yeni saat; öne al*; tercih*""",
    maybe="""
        iptal edil*; iptal ol*; iptal mi; iptal etmi*; saat @; @ de; @ gibi; belki; bilmiyorum;
        bilmem; bakarız; bakalım; emin değilim; galiba; sanırım; herhalde; ne; ne bu; iptal etme*;
        kesin değil; belli değil; duruma göre; olabilir; çalışırım""",
    but="ama; ancak; eğer; fakat; yoksa; veya; sadece; ya da",
    ask="""
        ne zaman; hangi; kaç; kaçta; neden; niye; niçin; kim; ne; kaç para; mi; mı; mu; mü; mısınız;
        misiniz""",
    when="""
        pazartesi; salı; çarşamba; perşembe; cuma; cumartesi; pazar; akşam*; öğleden sonra; öğlen;
        sonra""",
    comes="""
        geleceğim; gelicem; gelecem; gelcem; gelecegım; geliyorum; gelirim; geleceğiz; geliriz;
        geliyoruz; gelicez; geleyim; orada olaca*; orada olurum; oradayım; ordayım; orda olaca*;
        onayl*; katılacağım; katılıyorum; tabii; tabii ki; tabi; tabi ki; elbette; hay hay;
        olacağım; sorun yok; sorun değil; problem yok; gelmemem mümkün değil; merak etme*;
        kesinlikle gel*; mutlaka; kesinlikle; kaçırmam; başım üstüne; yola çıktım""",
    stays_away="""
        gelemem; gelemiyorum; gelemiyoruz; gelemeyece*; gelemeyiz; gelemice*; gelemiyce*; gelemicem;
        gelmeyece*; gelmiyorum; gelmice*; gelmiyce*; gelmem; gelemez; katılamay*; katılmay*;
        katılamıyorum; katılamam; gelmek istemiyorum; yetişemem; yetişemiyorum; yetişemeye*;
        gelmem mümkün değil; istemiyorum; orada olamay*; orada olmay*; yok gelemem; olamayacağım""",
    calls_off="""
        iptal; iptal et; iptal edin; iptal ediniz; iptal ediyorum; iptal ediyoruz; iptal edelim;
        iptal etmek; iptal edebilir*; iptal eder*; iptal olsun; vazgeçtim; vazgeçiyorum; vazgeçtik""",
    yes="""
        evet; evt; ewet; tamam; tmm; tamamdır; olur; bir; peki; he; hee; oldu; anlaştık; kabul;
        uygundur; iyi; eyvallah; anladım; doğru; yes; hı hı""",
    no="""
        hayır; hayr; hyr; yok; yoo; iki; olmaz; olmayacak; mümkün değil; müsait değilim;
        uygun değil*; uygun değilim""",
    negates="değil; asla; hiç",
    fill="""
        üzgünüm ama; maalesef ama; kusura bakma* ama; teşekkür*; sağol*; sağ; ol; olun; sağlıcakla;
        yarın; bugün; lütfen; ben; bana; biz; için; randevu*; saat*; merhaba; günler; gün; hocam;
        doktor*; inşallah; kısmetse; allah; kusura; bakma*; bakmayın; üzgünüm; maalesef; hasta*;
        çok; selam*; aleyküm; iyi günler; ederim; ederiz; hayırlı; günaydın; bey; hanım""",
)
