-- A store of schema 1, as the code of 88f140e wrote it with real runs; paths and the boot's id are made up.
BEGIN TRANSACTION;
CREATE TABLE "attempt" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "start_step" INTEGER NOT NULL,
   "pid" INTEGER,
   "process_start" TEXT,
   "boot_id" TEXT,
   "started_at" REAL NOT NULL,
   "ended_at" REAL,
   "exit_code" INTEGER
) STRICT;
INSERT INTO "attempt" VALUES(1,'f54htj93',0,7074,'5378561','00000000-0000-4000-8000-000000000000',1.7954577940842521191e+09,1.79545780115370321276e+09,0);
INSERT INTO "attempt" VALUES(2,'ch3m98xq',0,7293,'5379380','00000000-0000-4000-8000-000000000000',1.79545780227737545968e+09,1.79545780829346656804e+09,-9);
INSERT INTO "attempt" VALUES(3,'ch3m98xq',5,7517,'5380092','00000000-0000-4000-8000-000000000000',1.7954578093914320469e+09,1.79545781735640192031e+09,0);
CREATE TABLE "checkpoint" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "attempt_id" INTEGER REFERENCES "attempt"("id"),
   "step" INTEGER NOT NULL,
   "state" TEXT NOT NULL,
   "manifest_hash" TEXT,
   "size_bytes" INTEGER,
   "eval_loss" REAL,
   "best" INTEGER DEFAULT 0,
   "pinned" INTEGER DEFAULT 0,
   "created_at" REAL NOT NULL
) STRICT;
INSERT INTO "checkpoint" VALUES(1,'f54htj93',1,4,'complete','92596e047668264db0dbe095492e1f61c9fff8782e83584b1ddcaccb61e7f423',99627,5.66840243730388682052e+00,0,0,1.7954577997047023773e+09);
INSERT INTO "checkpoint" VALUES(2,'f54htj93',1,8,'complete','dd70e5330cb9e2cc1738d524714fedd41dccebd14826c955ba1322e0d6274a72',99627,5.64615925022813147649e+00,1,0,1.79545779979719400407e+09);
INSERT INTO "checkpoint" VALUES(3,'ch3m98xq',2,5,'deleted','ea15f60f8988d7f6660c8af60d767219c4105dfc70f9eb20e083e92ae1f4d370',99628,NULL,0,0,1.79545780813916087143e+09);
INSERT INTO "checkpoint" VALUES(4,'ch3m98xq',3,10,'deleted','7b1a77d9ef96a412c38bc00c57647f4d549b9646dc387c5d75d6d1dfd3ad71ec',99629,NULL,0,0,1.79545781487414026259e+09);
INSERT INTO "checkpoint" VALUES(5,'ch3m98xq',3,15,'deleted','faeea8e96fd4c664700760bb40db56fb374d788daa6da0902724385f97d73530',99629,NULL,0,0,1.79545781497220849993e+09);
INSERT INTO "checkpoint" VALUES(6,'ch3m98xq',3,20,'deleted','09cfbd1cd7f79d36929912f62889e6bdd844f021fc5f1a0f0c4693a0661ccb48',99629,NULL,0,0,1.79545781506223964688e+09);
INSERT INTO "checkpoint" VALUES(7,'ch3m98xq',3,25,'deleted','1d6b3082c3d4dba0548bcc36a6aa739bf7500b558b33258c23df2e03bdf28e48',99630,NULL,0,0,1.79545781515560197829e+09);
INSERT INTO "checkpoint" VALUES(8,'ch3m98xq',3,30,'deleted','ea882305cd5d4b173e41d85b51b7fb0a84cba48869ea22d823ca3507d4235bfb',99630,NULL,0,0,1795457815.24084);
INSERT INTO "checkpoint" VALUES(9,'ch3m98xq',3,35,'deleted','78192e097c10e85df6ac12bac2bc7d1b6fc846b618c8d8a2cd3c3b1ccb29ac49',99629,NULL,0,0,1.79545781532700395588e+09);
INSERT INTO "checkpoint" VALUES(10,'ch3m98xq',3,40,'deleted','b9afbd60d425cefeaf5964a0bb0c80c4e77f07733886ada711de14f956a4ebc8',99629,NULL,0,0,1.79545781541470289227e+09);
INSERT INTO "checkpoint" VALUES(11,'ch3m98xq',3,45,'deleted','5153b25095a152ff9a14fca82ee461fba85d6c0105d7e1c0f122cfde6a4d5169',99615,NULL,0,0,1.79545781550475597385e+09);
INSERT INTO "checkpoint" VALUES(12,'ch3m98xq',3,50,'complete','6cc198f4ea5b5621845b90a0fa10de3ecaff28eca21c9e58fde4a2481832592a',99629,NULL,0,0,1.79545781561819648743e+09);
INSERT INTO "checkpoint" VALUES(13,'ch3m98xq',3,55,'complete','fd683f5c094750d1d8e97464b801381d36ccc093a1d6672844d0f52552f3f1f0',99629,NULL,0,0,1.79545781574464082715e+09);
INSERT INTO "checkpoint" VALUES(14,'ch3m98xq',3,60,'complete','ce3ea0f71f504947e424805d9412fa869855d46bfe81123082f754cf928131ce',99629,5.37377466920946478268e+00,1,0,1.79545781589282608036e+09);
CREATE TABLE "command" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "verb" TEXT NOT NULL,
   "created_at" REAL NOT NULL,
   "taken_at" REAL
) STRICT;
CREATE TABLE "event" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "at" REAL NOT NULL,
   "step" INTEGER,
   "level" TEXT NOT NULL,
   "text" TEXT NOT NULL
) STRICT;
INSERT INTO "event" VALUES(1,'f54htj93',1.79545779923389840129e+09,0,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(2,'f54htj93',1.79545779923422884945e+09,0,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(3,'f54htj93',1.79545779925261592864e+09,0,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(4,'f54htj93',1.79545779933999586101e+09,0,'info','attention: sdpa; eager measured 0.8 times as fast at 57 tokens');
INSERT INTO "event" VALUES(5,'f54htj93',1.79545779936147451398e+09,0,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(6,'f54htj93',1.79545780115400695807e+09,NULL,'info','completed');
INSERT INTO "event" VALUES(7,'ch3m98xq',1.79545780763701963425e+09,0,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(8,'ch3m98xq',1.79545780763737344745e+09,0,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(9,'ch3m98xq',1.79545780765550279617e+09,0,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(10,'ch3m98xq',1.7954578077392325401e+09,0,'info','attention: sdpa; eager measured 0.8 times as fast at 57 tokens');
INSERT INTO "event" VALUES(11,'ch3m98xq',1.79545780776335954661e+09,0,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(12,'ch3m98xq',1.79545780829370975493e+09,NULL,'error','killed: signal 9, possibly out of memory');
INSERT INTO "event" VALUES(13,'ch3m98xq',1.79545781439787578582e+09,5,'info','43 rows in rows.jsonl: 3 duplicates dropped, 40 left');
INSERT INTO "event" VALUES(14,'ch3m98xq',1.79545781439821338656e+09,5,'info','36 rows to train on and 4 held out; no question is in both');
INSERT INTO "event" VALUES(15,'ch3m98xq',1795457814.41554,5,'info','cpu, fp32: as configured');
INSERT INTO "event" VALUES(16,'ch3m98xq',1.79545781448971462253e+09,5,'info','attention: sdpa; eager measured 0.8 times as fast at 57 tokens');
INSERT INTO "event" VALUES(17,'ch3m98xq',1.79545781450834703442e+09,5,'info','4,096 of 41,888 weights are trained (9.8%)');
INSERT INTO "event" VALUES(18,'ch3m98xq',1.79545781451523828501e+09,5,'info','resumed from checkpoint 5');
INSERT INTO "event" VALUES(19,'ch3m98xq',1.79545781735673618323e+09,NULL,'info','completed');
INSERT INTO "event" VALUES(20,'bsjd6nrw',1.79545781838470792772e+09,NULL,'info','stopped: you took it from the queue');
CREATE TABLE "heartbeat" (
   "run_id" TEXT PRIMARY KEY REFERENCES "run"("id"),
   "phase" TEXT NOT NULL,
   "step" INTEGER NOT NULL,
   "at" REAL NOT NULL,
   "expect_next_s" REAL NOT NULL,
   "steps_per_second" REAL
) STRICT;
INSERT INTO "heartbeat" VALUES('f54htj93','saving the result',8,1.79545779982109642023e+09,300.0,6.13994494191178716855e+01);
INSERT INTO "heartbeat" VALUES('ch3m98xq','saving the result',60,1.79545781592460131645e+09,300.0,6.99871167789551407167e+01);
CREATE TABLE metric (attempt_id INTEGER NOT NULL REFERENCES attempt(id), key_id INTEGER NOT NULL REFERENCES metric_key(id), step INTEGER NOT NULL, value REAL, flag INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (attempt_id, key_id, step)) STRICT, WITHOUT ROWID;
INSERT INTO "metric" VALUES
(1,1,0,5.71172545386142438417e+00,0),(1,1,4,5.66840243730388682052e+00,0),(1,1,8,5.64615925022813147649e+00,0),
(1,2,0,0.0,0),(1,2,4,0.0,0),(1,2,8,0.0,0),(1,3,0,1.50615820020902901887e-02,0),(1,3,4,1.12274299972341395914e-02,0),
(1,3,8,1.19361809993279166519e-02,0),(1,4,1,5.71898508071899414062e+00,0),(1,4,2,5.71379804611206054687e+00,0),
(1,4,3,5.70193052291870117187e+00,0),(1,4,4,5.68373823165893554687e+00,0),(1,4,5,5.67261981964111328125e+00,0),
(1,4,6,5.64042901992797851562e+00,0),(1,4,7,5.66400098800659179687e+00,0),(1,4,8,5.6757488250732421875e+00,0),
(1,5,1,0.0,0),(1,5,2,0.001,0),(1,5,3,9.50484433951209522692e-04,0),(1,5,4,8.11744900929366793723e-04,0),
(1,5,5,6.11260466978157178223e-04,0),(1,5,6,3.88739533021842842593e-04,0),(1,5,7,1.88255099070633254198e-04,0),
(1,5,8,4.95155660487904845717e-05,0),(1,6,1,8.21043491363525390625e-01,0),(1,6,2,1.00940442085266113281e+00,0),
(1,6,3,8.11715602874755859375e-01,0),(1,6,4,1.03191673755645751953e+00,0),(1,6,5,1.00304102897644042968e+00,0),
(1,6,6,1.28452479839324951171e+00,0),(1,6,7,7.81621217727661132812e-01,0),(1,6,8,1.03982079029083251953e+00,0),
(1,7,1,1.39990744675588757667e+04,0),(1,7,2,2.13179933383724128353e+04,0),(1,7,3,1.85676986442932975482e+04,0),
(1,7,4,2.21392788730990760083e+04,0),(1,7,5,1.86633321506080428666e+04,0),(1,7,6,2.18064605039551352087e+04,0),
(1,7,7,1.80333888719681381188e+04,0),(1,7,8,1.6589312981837865664e+04,0),(1,8,1,228.0,0),(1,8,2,469.0,0),
(1,8,3,673.0,0),(1,8,4,941.0,0),(1,8,5,1190.0,0),(1,8,6,1452.0,0),(1,8,7,1645.0,0),(1,8,8,1829.0,0),
(2,1,0,5.71172545386142438417e+00,0),(2,2,0,0.0,0),(2,3,0,1.5178635003394447267e-02,0),
(2,4,1,5.71898508071899414062e+00,0),(2,4,2,5.71379804611206054687e+00,0),(2,4,3,5.70193052291870117187e+00,0),
(2,4,4,5.682811737060546875e+00,0),(2,4,5,5.66811132431030273437e+00,0),(2,4,6,5.62528228759765625e+00,0),
(2,4,7,5.64863252639770507812e+00,0),(2,4,8,5.65035343170166,0),(2,4,9,5.59306955337524414062e+00,0),
(2,4,10,5.53642511367797851562e+00,0),(2,5,1,0.0,0),(2,5,2,0.001,0),(2,5,3,0.000999291347838381,0),
(2,5,4,9.9716740010506862632e-04,0),(2,5,5,9.93634177360672339596e-04,0),(2,5,6,9.8870169490893338067e-04,0),
(2,5,7,0.000982383934407258,0),(2,5,8,9.74698804234190607255e-04,0),(2,5,9,9.65668088726169245375e-04,0),
(2,5,10,9.55317386427456671782e-04,0),(2,6,1,8.21043491363525390625e-01,0),(2,6,2,1.00940442085266113281e+00,0),
(2,6,3,8.11715602874755859375e-01,0),(2,6,4,1.03590023517608642578e+00,0),(2,6,5,1.02740514278411865234e+00,0),
(2,6,6,1.34433495998382568359e+00,0),(2,6,7,8.16174864768981933593e-01,0),(2,6,8,1.15680134296417236328e+00,0),
(2,6,9,1.02537775039672851562e+00,0),(2,6,10,1.1253114938735961914e+00,0),(2,7,1,1.09543591432046614499e+04,0),
(2,7,2,1.69435912695195474951e+04,0),(2,7,3,1.70542467144592774274e+04,0),(2,7,4,1.88439848140225258248e+04,0),
(2,7,5,1.61648634350692154836e+04,0),(2,7,6,1.80374249029519924079e+04,0),(2,7,7,1.33208444126615377172e+04,0),
(2,7,8,1.11904974144706266091e+04,0),(2,7,9,1.80179308406969175852e+04,0),(2,7,10,1.69520520926115059404e+04,0),
(2,8,1,228.0,0),(2,8,2,469.0,0),(2,8,3,673.0,0),(2,8,4,941.0,0),(2,8,5,1190.0,0),(2,8,6,1452.0,0),(2,8,7,1645.0,0),
(2,8,8,1829.0,0),(2,8,9,2045.0,0),(2,8,10,2307.0,0),(3,1,60,5.37377466920946478268e+00,0),
(3,2,60,5.40983606557377094681e-01,0),(3,3,60,1.31910049967700615525e-02,0),(3,4,6,5.62528228759765625e+00,0),
(3,4,7,5.64863252639770507812e+00,0),(3,4,8,5.65035343170166,0),(3,4,9,5.59306955337524414062e+00,0),
(3,4,10,5.53642511367797851562e+00,0),(3,4,11,5.60929107666015625e+00,0),(3,4,12,5.55382394790649414062e+00,0),
(3,4,13,5.51257181167602539062e+00,0),(3,4,14,5.58268070220947265625e+00,0),(3,4,15,5.53381633758544921875e+00,0),
(3,4,16,5.5421543121337890625e+00,0),(3,4,17,5.50058269500732421875e+00,0),(3,4,18,5.50611639022827148437e+00,0),
(3,4,19,5.52532958984375,0),(3,4,20,5.50115728378295898437e+00,0),(3,4,21,5.4694194793701171875e+00,0),
(3,4,22,5.5730533599853515625e+00,0),(3,4,23,5.45612335205078125e+00,0),(3,4,24,5.4193434715271,0),
(3,4,25,5.47862863540649414062e+00,0),(3,4,26,5.51834344863891601562e+00,0),(3,4,27,5.4753737449646,0),
(3,4,28,5.546085357666015625e+00,0),(3,4,29,5.3758864402771,0),(3,4,30,5.3517093658447265625e+00,0),
(3,4,31,5.3855876922607421875e+00,0),(3,4,32,5.41134595870971679687e+00,0),(3,4,33,5.3524723052978515625e+00,0),
(3,4,34,5.43255901336669921875e+00,0),(3,4,35,5.47503232955932617187e+00,0),(3,4,36,5.40919971466064453125e+00,0),
(3,4,37,5.50398111343383789062e+00,0),(3,4,38,5.3073139190673828125e+00,0),(3,4,39,5.34986066818237304687e+00,0),
(3,4,40,5.37670755386352539062e+00,0),(3,4,41,5.314655303955078125e+00,0),(3,4,42,5.4582958221435546875e+00,0),
(3,4,43,5.399204254150390625e+00,0),(3,4,44,5.38385820388793945312e+00,0),(3,4,45,5.30295801162719726562e+00,0),
(3,4,46,5.30021858215332,0),(3,4,47,5.32244443893432617187e+00,0),(3,4,48,5.4870548248291015625e+00,0),
(3,4,49,5.27755641937255859375e+00,0),(3,4,50,5.38839626312255859375e+00,0),(3,4,51,5.37167644500732421875e+00,0),
(3,4,52,5.35728311538696289062e+00,0),(3,4,53,5.4443817138671875e+00,0),(3,4,54,5.30110788345336914062e+00,0),
(3,4,55,5.34977006912231445312e+00,0),(3,4,56,5.38862848281860351562e+00,0),(3,4,57,5.32071256637573242187e+00,0),
(3,4,58,5.2901172637939453125e+00,0),(3,4,59,5.44757938385009765625e+00,0),(3,4,60,5.295703887939453125e+00,0),
(3,5,6,9.8870169490893338067e-04,0),(3,5,7,0.000982383934407258,0),(3,5,8,9.74698804234190607255e-04,0),
(3,5,9,9.65668088726169245375e-04,0),(3,5,10,9.55317386427456671782e-04,0),(3,5,11,9.43676037528285772439e-04,0),
(3,5,12,0.000930777040696903,0),(3,5,13,9.16656959541257499238e-04,0),(3,5,14,9.01355818965481753179e-04,0),
(3,5,15,8.8491699171495312795e-04,0),(3,5,16,8.67387075431533586221e-04,0),(3,5,17,8.48815760567492392368e-04,0),
(3,5,18,8.29255689532519394725e-04,0),(3,5,19,0.000808762307473096,0),(3,5,20,7.87393705107203582989e-04,0),
(3,5,21,7.65210454059871191326e-04,0),(3,5,22,7.42275435166325097714e-04,0),(3,5,23,7.18653660229427748186e-04,0),
(3,5,24,6.94412087736660430491e-04,0),(3,5,25,6.6961943305901506715e-04,0),(3,5,26,6.44345973669810520231e-04,0),
(3,5,27,6.18663349935557509498e-04,0),(3,5,28,5.92644362043557161416e-04,0),(3,5,29,5.66362763641861059055e-04,0),
(3,5,30,5.39893052776541548971e-04,0),(3,5,31,5.13310260718887454746e-04,0),(3,5,32,4.8668973928111267449e-04,0),
(3,5,33,4.60106947223458417634e-04,0),(3,5,34,4.33637236358139070181e-04,0),(3,5,35,4.0735563795644291361e-04,0),
(3,5,36,3.81336650064442565528e-04,0),(3,5,37,3.55654026330189609005e-04,0),(3,5,38,3.30380566940984845246e-04,0),
(3,5,39,3.05587912263339698745e-04,0),(3,5,40,2.8134633977057232684e-04,0),(3,5,41,0.000257724564833675,0),
(3,5,42,2.34789545940128802385e-04,0),(3,5,43,2.12606294892796600457e-04,0),(3,5,44,1.91237692526904093847e-04,0),
(3,5,45,1.70744310467480734511e-04,0),(3,5,46,1.51184239432507709762e-04,0),(3,5,47,1.326129245684664617e-04,0),
(3,5,48,1.1508300828504681155e-04,0),(3,5,49,9.86441810345182811849e-05,0),(3,5,50,8.33430404587424673683e-05,0),
(3,5,51,6.92229593030969155443e-05,0),(3,5,52,5.63239624717142822567e-05,0),(3,5,53,4.46826135725433829133e-05,0),
(3,5,54,3.43319112738307822174e-05,0),(3,5,55,2.5301195765809359351e-05,0),(3,5,56,1.7616065592742035067e-05,0),
(3,5,57,1.12983050910666621684e-05,0),(3,5,58,6.36582263932772272462e-06,0),(3,5,59,2.83259989493145336522e-06,0),
(3,5,60,7.08652161619027758359e-07,0),(3,6,6,1.34433495998382568359e+00,0),(3,6,7,8.16174864768981933593e-01,0),
(3,6,8,1.15680134296417236328e+00,0),(3,6,9,1.02537775039672851562e+00,0),(3,6,10,1.1253114938735961914e+00,0),
(3,6,11,1.0337492227554321289e+00,0),(3,6,12,0.68528813123703,0),(3,6,13,8.61803829669952392578e-01,0),
(3,6,14,6.21867775917053222656e-01,0),(3,6,15,4.67994451522827148437e-01,0),(3,6,16,5.1679515838623046875e-01,0),
(3,6,17,8.38230848312377929687e-01,0),(3,6,18,7.32547104358673095703e-01,0),(3,6,19,6.01291060447692871093e-01,0),
(3,6,20,7.42651283740997314453e-01,0),(3,6,21,8.44759643077850341796e-01,0),(3,6,22,8.5159784555435180664e-01,0),
(3,6,23,1.15334713459014892578e+00,0),(3,6,24,1.29818427562713623046e+00,0),(3,6,25,9.23064887523651123046e-01,0),
(3,6,26,8.56042385101318359375e-01,0),(3,6,27,8.02547693252563476562e-01,0),(3,6,28,9.96598184108734130859e-01,0),
(3,6,29,7.8169161081314086914e-01,0),(3,6,30,8.47560286521911621093e-01,0),(3,6,31,7.79505908489227294921e-01,0),
(3,6,32,0.761396586894989,0),(3,6,33,8.7067890167236328125e-01,0),(3,6,34,7.58946776390075683593e-01,0),
(3,6,35,6.97217106819152832031e-01,0),(3,6,36,7.56300449371337890625e-01,0),(3,6,37,9.35099542140960693359e-01,0),
(3,6,38,7.66831696033477783203e-01,0),(3,6,39,7.44572937488555908203e-01,0),(3,6,40,5.71632266044616699218e-01,0),
(3,6,41,7.0470148324966430664e-01,0),(3,6,42,6.85428619384765625e-01,0),(3,6,43,5.94993770122528076171e-01,0),
(3,6,44,5.15333294868469238281e-01,0),(3,6,45,5.90317368507385253906e-01,0),(3,6,46,6.27280354499816894531e-01,0),
(3,6,47,5.62305569648742675781e-01,0),(3,6,48,9.31153893470764160156e-01,0),(3,6,49,6.1836344003677368164e-01,0),
(3,6,50,0.559735119342804,0),(3,6,51,4.86195206642150878906e-01,0),(3,6,52,5.04537999629974365234e-01,0),
(3,6,53,6.89936757087707519531e-01,0),(3,6,54,5.5821323394775390625e-01,0),(3,6,55,0.498349130153656,0),
(3,6,56,5.75522124767303466796e-01,0),(3,6,57,0.513237476348877,0),(3,6,58,5.38266956806182861328e-01,0),
(3,6,59,7.54930675029754638671e-01,0),(3,6,60,5.68199396133422851562e-01,0),(3,7,6,7.98125270860054661153e+03,0),
(3,7,7,1.43763759083334443852e+04,0),(3,7,8,1.48956977347891952379e+04,0),(3,7,9,1.855901293466594143e+04,0),
(3,7,10,1.83473761942544406336e+04,0),(3,7,11,14003.8775547166,0),(3,7,12,1.84993940653127428956e+04,0),
(3,7,13,1.92341719010725173575e+04,0),(3,7,14,1.25748734369792600771e+04,0),(3,7,15,1.74922963045092583339e+04,0),
(3,7,16,1.53994713447497015299e+04,0),(3,7,17,2.0655211032213977888e+04,0),(3,7,18,21173.9555154926,0),
(3,7,19,1.78939763104366647899e+04,0),(3,7,20,2.0282939681643903896e+04,0),(3,7,21,1.81646087361078971307e+04,0),
(3,7,22,1.61199082936925315156e+04,0),(3,7,23,2.05639604784569964977e+04,0),(3,7,24,1.97340691058326556227e+04,0),
(3,7,25,1.77697967264388680631e+04,0),(3,7,26,1.3890259319898977992e+04,0),(3,7,27,1.83129319238506832337e+04,0),
(3,7,28,1.6216158567692804354e+04,0),(3,7,29,2.09410308405796531596e+04,0),(3,7,30,2.21399532355026312877e+04,0),
(3,7,31,1.76862644199911228496e+04,0),(3,7,32,1.93419643260664779515e+04,0),(3,7,33,2.18371905492867517746e+04,0),
(3,7,34,1.7477140501206944464e+04,0),(3,7,35,1.65906305781977971491e+04,0),(3,7,36,1.75205302527384519642e+04,0),
(3,7,37,1.5064303695938635429e+04,0),(3,7,38,1.99908301621408063513e+04,0),(3,7,39,2.03968706830765513578e+04,0),
(3,7,40,1.83110968537924818522e+04,0),(3,7,41,1.96774932275502615081e+04,0),(3,7,42,1.5590189656729708076e+04,0),
(3,7,43,1.67283648159899094023e+04,0),(3,7,44,1.48153777617884716165e+04,0),(3,7,45,1.96462324899596496837e+04,0),
(3,7,46,1.47490125278491141219e+04,0),(3,7,47,1.21022732480774939181e+04,0),(3,7,48,1.12610758630634882134e+04,0),
(3,7,49,1.33940722103705284098e+04,0),(3,7,50,1.48320693533769244819e+04,0),(3,7,51,9.98031060337667258897e+03,0),
(3,7,52,1.12181454476235321633e+04,0),(3,7,53,1.00968882782307282463e+04,0),(3,7,54,1.32116378834722709143e+04,0),
(3,7,55,1.29039465903743530363e+04,0),(3,7,56,1.00533532457039964354e+04,0),(3,7,57,7.95809783485562365979e+03,0),
(3,7,58,1.27526398483019438574e+04,0),(3,7,59,1.40509019787566012378e+04,0),(3,7,60,1.87565472967599780529e+04,0),
(3,8,6,1452.0,0),(3,8,7,1645.0,0),(3,8,8,1829.0,0),(3,8,9,2045.0,0),(3,8,10,2307.0,0),(3,8,11,2491.0,0),
(3,8,12,2719.0,0),(3,8,13,2960.0,0),(3,8,14,3153.0,0),(3,8,15,3369.0,0),(3,8,16,3573.0,0),(3,8,17,3841.0,0),
(3,8,18,4090.0,0),(3,8,19,4318.0,0),(3,8,20,4567.0,0),(3,8,21,4808.0,0),(3,8,22,4992.0,0),(3,8,23,5260.0,0),
(3,8,24,5522.0,0),(3,8,25,5738.0,0),(3,8,26,5931.0,0),(3,8,27,6135.0,0),(3,8,28,6319.0,0),(3,8,29,6560.0,0),
(3,8,30,6822.0,0),(3,8,31,7071.0,0),(3,8,32,7299.0,0),(3,8,33,7567.0,0),(3,8,34,7771.0,0),(3,8,35,7964.0,0),
(3,8,36,8180.0,0),(3,8,37,8364.0,0),(3,8,38,8626.0,0),(3,8,39,8875.0,0),(3,8,40,9103.0,0),(3,8,41,9371.0,0),
(3,8,42,9564.0,0),(3,8,43,9768.0,0),(3,8,44,9984.0,0),(3,8,45,10225.0,0),(3,8,46,10493.0,0),(3,8,47,10742.0,0),
(3,8,48,10926.0,0),(3,8,49,11188.0,0),(3,8,50,11392.0,0),(3,8,51,11608.0,0),(3,8,52,11836.0,0),(3,8,53,12029.0,0),
(3,8,54,12270.0,0),(3,8,55,12498.0,0),(3,8,56,12702.0,0),(3,8,57,12951.0,0),(3,8,58,13192.0,0),(3,8,59,13385.0,0),
(3,8,60,13653.0,0);
CREATE TABLE "metric_key" (
   "id" INTEGER PRIMARY KEY,
   "name" TEXT NOT NULL
) STRICT;
INSERT INTO "metric_key" VALUES(1,'eval_loss');
INSERT INTO "metric_key" VALUES(2,'eval_token_accuracy');
INSERT INTO "metric_key" VALUES(3,'eval_seconds');
INSERT INTO "metric_key" VALUES(4,'loss');
INSERT INTO "metric_key" VALUES(5,'learning_rate');
INSERT INTO "metric_key" VALUES(6,'grad_norm');
INSERT INTO "metric_key" VALUES(7,'tokens_per_second');
INSERT INTO "metric_key" VALUES(8,'num_input_tokens_seen');
CREATE TABLE "run" (
   "number" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "name" TEXT NOT NULL,
   "state" TEXT NOT NULL,
   "kind" TEXT NOT NULL,
   "config" TEXT NOT NULL,
   "versions" TEXT NOT NULL,
   "fingerprint" TEXT NOT NULL,
   "created_at" REAL NOT NULL,
   "queue_position" INTEGER,
   "total_steps" INTEGER,
   "parent_run" TEXT REFERENCES "run"("id"),
   "parent_checkpoint" INTEGER,
   "cause" TEXT,
   "summary" TEXT,
   "deleted_at" REAL
) STRICT;
INSERT INTO "run" VALUES(1,'f54htj93','first','completed','new','{"name":"first","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":8,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1795457794.01372,1,8,NULL,NULL,NULL,'{"base_eval_loss": 5.711725453861424, "tuned_eval_loss": 5.6461592502281315, "steps": 8, "seconds": 0.6, "tokens_per_second": 18694.9, "adapter": "/somewhere/home/runs/f54htj93/adapter"}',NULL);
INSERT INTO "run" VALUES(2,'ch3m98xq','resumed','completed','new','{"name":"resumed","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":60,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":1000,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"","retention_rows":32,"save_steps":5,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79545780218105721472e+09,3,60,NULL,NULL,NULL,'{"base_eval_loss": 5.711725453861424, "tuned_eval_loss": 5.373774669209465, "steps": 60, "seconds": 1.5, "tokens_per_second": 15409.8, "adapter": "/somewhere/home/runs/ch3m98xq/adapter"}',NULL);
INSERT INTO "run" VALUES(3,'t6fvgcpd','waits','queued','new','{"name":"waits","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":8,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79545781837650465966e+09,4,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "run" VALUES(4,'bsjd6nrw','gone','stopped','new','{"name":"gone","task":"causal-lm","seed":42,"data":"/somewhere/rows.jsonl","eval_data":"","eval_fraction":0.1,"columns":"","drop_duplicates":true,"on_bad_rows":"refuse","max_length":128,"packing":false,"doc_stride":128,"max_target_length":128,"source_prefix":"","mix_data":"","mix_fraction":0.1,"model":"/somewhere/tiny","revision":"","start_adapter":"continue","problem_type":"auto","method":"lora","r":4,"lora_alpha":32,"lora_dropout":0.1,"target_modules":"all-linear","use_rslora":false,"use_dora":false,"init_lora_weights":"default","freeze":"nothing","freeze_layers":0,"learning_rate":0.001,"num_train_epochs":3.0,"max_steps":8,"per_device_train_batch_size":4,"gradient_accumulation_steps":1,"auto_find_batch_size":true,"gradient_checkpointing":"auto","lr_scheduler_type":"cosine","lr_scheduler_kwargs":[],"warmup_steps":1,"layerwise_lr_decay":1.0,"optim":"adamw_torch","adam_beta1":0.9,"adam_beta2":0.999,"adam_epsilon":1e-8,"max_grad_norm":1.0,"max_nonfinite_steps":3,"weight_decay":0.0,"hidden_dropout":null,"attention_dropout":null,"classifier_dropout":null,"label_smoothing_factor":0.0,"class_weight":"none","neftune_noise_alpha":0.0,"r_drop_alpha":0.0,"l2_sp_alpha":0.0,"ema_decay":0.0,"early_stopping_patience":0,"early_stopping_threshold":0.0,"eval_steps":4,"per_device_eval_batch_size":16,"metric_for_best_model":"","load_best_model_at_end":false,"prompts":["Where is Rome?"],"max_new_tokens":2,"predict_with_generate":true,"generation_num_beams":1,"max_answer_length":30,"retention_data":"","retention_rows":32,"save_steps":4,"save_total_limit":3,"precision":"fp32","device":"cpu"}','{"tunedeck": "0.1.0", "torch": "2.13.0+cpu", "transformers": "5.23.0", "peft": "0.21.2", "datasets": "5.2.0", "accelerate": "1.15.0"}','sha256:37d1b10190d6bfd052b660b340f8cbdc5a3d078ef9a0bcad5de5b0dbb12beb22',1.79545781838357377049e+09,5,NULL,NULL,NULL,'you took it from the queue',NULL,1.79545781838524127005e+09);
CREATE TABLE "sample" (
   "id" INTEGER PRIMARY KEY,
   "run_id" TEXT NOT NULL REFERENCES "run"("id"),
   "attempt_id" INTEGER NOT NULL REFERENCES "attempt"("id"),
   "step" INTEGER NOT NULL,
   "prompt" TEXT NOT NULL,
   "answer" TEXT NOT NULL
) STRICT;
INSERT INTO "sample" VALUES(1,'f54htj93',1,0,'Where is Rome?','�');
INSERT INTO "sample" VALUES(2,'f54htj93',1,4,'Where is Rome?','isW');
INSERT INTO "sample" VALUES(3,'f54htj93',1,8,'Where is Rome?','isW');
INSERT INTO "sample" VALUES(4,'ch3m98xq',2,0,'Where is Rome?','�');
INSERT INTO "sample" VALUES(5,'ch3m98xq',3,60,'Where is Rome?','It');
CREATE UNIQUE INDEX "idx_run_id"
    ON "run" ("id");
CREATE INDEX "idx_run_state_queue_position"
    ON "run" ("state", "queue_position");
CREATE INDEX "idx_attempt_run_id"
    ON "attempt" ("run_id");
CREATE UNIQUE INDEX "idx_metric_key_name"
    ON "metric_key" ("name");
CREATE UNIQUE INDEX "idx_checkpoint_run_id_step"
    ON "checkpoint" ("run_id", "step");
CREATE INDEX "idx_sample_run_id_step"
    ON "sample" ("run_id", "step");
CREATE INDEX "idx_event_run_id"
    ON "event" ("run_id");
CREATE INDEX "idx_command_run_id_taken_at"
    ON "command" ("run_id", "taken_at");
COMMIT;
PRAGMA application_id=1953853029;
PRAGMA user_version=1;
